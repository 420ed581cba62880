// Reads three events of a stream and answers.
const source = new EventSource("/d?sse=3&gap=150");
source.onmessage = (event) => {
  if (event.data !== "3") return;
  source.close();
  postMessage("done");
};
