// Works for as many milliseconds as it is told, then answers.
onmessage = (event) => {
  const end = performance.now() + event.data;
  while (performance.now() < end);
  postMessage("done");
};
