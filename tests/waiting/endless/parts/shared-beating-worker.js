// Sends a message to each page every 300 ms.
onconnect = (event) => setInterval(() => event.ports[0].postMessage("alive"), 300);
