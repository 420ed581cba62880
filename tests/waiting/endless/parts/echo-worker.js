// Sends every message back.
onmessage = (event) => postMessage(event.data);
