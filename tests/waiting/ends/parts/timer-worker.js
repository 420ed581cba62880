// Answers by a timer.
onmessage = (event) => setTimeout(postMessage, event.data, "done");
