// Answers each page after 400 ms.
onconnect = (event) => {
  const [port] = event.ports;
  port.onmessage = () => setTimeout(() => port.postMessage("done"), 400);
};
