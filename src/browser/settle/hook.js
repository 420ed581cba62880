// Runs in the page's own world before its scripts, and tells ours how long its short timers still
// take: content that comes after one of them is worth waiting for. Timers that timers set count only
// where they are short, so that polling does not hold anybody up. How often the page does something
// again and again is told too: who looks in between sees nothing of it.
(signal => {
  const LONGEST = 2000, LONGEST_NESTED = 250, DEEPEST = 10, LONGEST_PERIOD = 1000;
  const timers = new Map(), periods = new Map();
  let depth = 0;
  const { setTimeout, clearTimeout, setInterval, clearInterval, performance, CustomEvent, document } = globalThis;
  const now = performance.now.bind(performance);
  const dispatch = document.dispatchEvent.bind(document);

  const wrap = (target, isRepeated) => new Proxy(target, {
    apply(real, self, [callback, delay, ...rest]) {
      const time = Math.max(0, Number(delay) || 0);
      const own = depth + 1;
      let id;
      const run = typeof callback !== 'function' ? callback : function (...values) {
        timers.delete(id);
        if (!isRepeated) periods.delete(id);
        const before = depth;
        depth = own;
        try { return callback.apply(this, values); } finally { depth = before; }
      };
      id = Reflect.apply(real, self, [run, delay, ...rest]);
      const isAwaited = own === 1 && !isRepeated ? time <= LONGEST : time <= LONGEST_NESTED && own <= DEEPEST;
      if (isAwaited && typeof callback === 'function') timers.set(id, now() + time);
      if ((isRepeated || own > 2) && time <= LONGEST_PERIOD) periods.set(id, time);
      return id;
    },
  });
  const forget = target => new Proxy(target, {
    apply(real, self, values) {
      timers.delete(values[0]);
      periods.delete(values[0]);
      return Reflect.apply(real, self, values);
    },
  });
  globalThis.setTimeout = wrap(setTimeout, false);
  globalThis.setInterval = wrap(setInterval, true);
  globalThis.clearTimeout = forget(clearTimeout);
  globalThis.clearInterval = forget(clearInterval);

  // A worker that is about to take the page over says so nowhere else.
  const container = globalThis.ServiceWorkerContainer?.prototype;
  if (container) {
    const { register } = container;
    container.register = new Proxy(register, {
      apply(real, self, values) {
        timers.set(register, now() + LONGEST);
        const registered = Reflect.apply(real, self, values);
        registered.then(() => self.ready, () => {}).then(() => timers.set(register, now() + LONGEST_NESTED / 2));
        return registered;
      },
    });
  }

  document.addEventListener(signal, () => {
    let due = 0;
    const time = now();
    // A timer that is late by far waits for something else, such as a page in the background.
    for (const at of timers.values()) if (at - time > due && at > time - 1000) due = at - time;
    for (const at of timers.values()) if (!due && at <= time && at > time - 1000) due = 1;
    // Objects do not come through to the other world.
    dispatch(new CustomEvent(signal + '-due', { detail: `${due} ${Math.max(0, ...periods.values())}` }));
  });
})
