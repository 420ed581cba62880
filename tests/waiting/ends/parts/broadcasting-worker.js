// Answers on a BroadcastChannel.
const channel = new BroadcastChannel("worker-broadcast");
channel.onmessage = (event) => setTimeout(() => channel.postMessage(`answer to ${event.data}`), 400);
postMessage("listening");
