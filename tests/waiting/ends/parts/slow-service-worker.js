// Needs 500 ms for its installation.
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(new Promise((resolve) => setTimeout(resolve, 500)));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
