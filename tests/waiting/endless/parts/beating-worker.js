// Sends a message every 200 ms.
setInterval(() => postMessage("alive"), 200);
