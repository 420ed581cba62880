// Wakes the page after 500 ms of work.
onmessage = (event) => {
  const view = new Int32Array(event.data);
  const end = performance.now() + 500;
  while (performance.now() < end);
  Atomics.store(view, 0, 1);
  Atomics.notify(view, 0);
};
