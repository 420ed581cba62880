// Takes over at once, answers messages after 300 ms, and requests to /answered-by-worker itself.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  const later = new Promise((resolve) => setTimeout(resolve, 300));
  event.waitUntil(later.then(() => event.source.postMessage("done")));
});
addEventListener("fetch", (event) => {
  if (!event.request.url.endsWith("/answered-by-worker")) return;
  const later = new Promise((resolve) => setTimeout(resolve, 300));
  event.respondWith(later.then(() => new Response("from worker")));
});
