// Puts 40 answers into a cache of its own, finds one of them, and answers.
(async () => {
  const name = `worker-cache-${Math.random()}`;
  const cache = await caches.open(name);
  for (let count = 0; count < 40; count++) await cache.put(`/cached/${count}`, new Response(`answer ${count}`));
  const found = await cache.match("/cached/39");
  postMessage(await found.text());
  await caches.delete(name);
})();
