addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  if (new URL(event.request.url).pathname === "/cookies") event.respondWith(new Response("from the service worker"));
});
