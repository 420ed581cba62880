// Answers on the port that it is given.
onmessage = (event) => setTimeout(() => event.ports[0].postMessage("done"), 500);
