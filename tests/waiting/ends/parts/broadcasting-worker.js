// Answers on a BroadcastChannel. It says there that it listens: a message that is sent before would be lost.
const channel = new BroadcastChannel("worker-broadcast");
channel.onmessage = (event) => setTimeout(() => channel.postMessage(`answer to ${event.data}`), 400);
channel.postMessage("listening");
