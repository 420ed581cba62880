// Asks the server with a request that blocks the worker.
const request = new XMLHttpRequest();
request.open("GET", "/d?ms=500&body=ok", false);
request.send();
postMessage(request.responseText);
