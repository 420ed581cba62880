// Starts a worker of its own and passes its answer on.
const inner = new Worker("busy-worker.js");
inner.onmessage = (event) => postMessage(event.data);
inner.postMessage(300);
