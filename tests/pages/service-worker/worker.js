addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
  if (event.request.url.endsWith('from-worker.txt')) event.respondWith(new Response('Told by the worker'));
});
