let visits = 0;
addEventListener("connect", event => event.ports[0].postMessage(++visits));
