// Asks the server and passes the answer on.
fetch("/d?ms=600&body=from+worker").then((answer) => answer.text()).then(postMessage);
