// Resolves when nothing in the document is about to change what it shows, or tells what is. Runs in
// an isolated world. A document without scripts, animations and pending fonts costs a frame.
async ({ quiet, grace, patience, isFresh, stopsAnimations, signal }) => {
  const started = performance.now();
  const since = time => performance.now() - time;
  const sleep = time => new Promise(done => setTimeout(done, Math.max(0, time)));
  const frame = () => Promise.race([new Promise(done => requestAnimationFrame(done)), sleep(100)]);

  const describe = node => {
    let element = node.nodeType === 1 ? node : node.parentElement ?? node.host ?? document.documentElement;
    const parts = [];
    for (; element && parts.length < 3; element = element.parentElement) {
      if (parts.length && (element === document.body || element === document.documentElement)) break;
      const classes = [...element.classList].slice(0, 2).map(name => '.' + name).join('');
      parts.unshift(element.localName + (element.id ? '#' + element.id : classes));
      if (element.id) break;
    }
    return parts.join(' > ');
  };

  const isWatched = Boolean(globalThis[Symbol.for('ariasnap.watch')]);
  const watch = globalThis[Symbol.for('ariasnap.watch')] ??= (() => {
    const watch = { last: 0, count: 0, period: 0, changed: new Map(), later: new Map(), rests: false, roots: new WeakSet() };
    const note = records => {
      watch.last = performance.now();
      watch.count++;
      const name = describe(records[records.length - 1].target);
      for (const changed of watch.rests ? [watch.changed, watch.later] : [watch.changed])
        changed.set(name, (changed.get(name) ?? 0) + 1);
    };
    watch.observer = new MutationObserver(note);
    watch.observe = root => {
      if (watch.roots.has(root)) return;
      watch.roots.add(root);
      watch.observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch.observe(element.shadowRoot);
    };
    return watch;
  })();
  watch.observe(document);

  // Milliseconds until the page's own short timers are over; told by the hook in the page's world.
  const timers = () => {
    let due = 0;
    const hear = event => { [due, watch.period] = event.detail.split(' ').map(Number); };
    document.addEventListener(signal + '-due', hear);
    document.dispatchEvent(new Event(signal));
    document.removeEventListener(signal + '-due', hear);
    return due;
  };
  const isScript = script => !script.type || /^(module|importmap|text\/|application\/(x-)?(java|ecma)script)/i.test(script.type);
  const hasScripts = () => [...document.scripts].some(isScript);
  const running = () => document.getAnimations().filter(one => one.playState === 'running' && one.effect);
  const ends = one => Number.isFinite(one.effect.getComputedTiming().endTime);
  const stopAnimations = () => {
    for (const one of running()) {
      try { ends(one) ? one.finish() : one.cancel(); } catch { /* an animation of no length */ }
    }
  };
  const busyRoot = () => [document.documentElement, document.body, ...document.querySelectorAll('main, [role=main]')]
    .find(element => element?.getAttribute('aria-busy') === 'true');
  const busyPart = () => [...document.querySelectorAll('[aria-busy=true]')].find(element => element.checkVisibility());

  watch.rests = false;
  const restless = () => [...watch.changed].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([name]) => name);
  const answer = (state, what = []) => ({ state, what });
  const left = () => patience - since(started);

  // Where no script may run (a sandboxed frame), no timer of ours does either: nothing can be waited
  // for, and nothing but the network changes what is there. Only there is `noscript` read as markup.
  const mayRun = () => {
    if (document instanceof XMLDocument) return true;
    const probe = document.createElement('div');
    try { probe.innerHTML = '<noscript><p></p></noscript>'; } catch { return true; }
    return !probe.querySelector('p');
  };
  globalThis.ariasnapMayWait = mayRun();
  if (!globalThis.ariasnapMayWait) {
    if (stopsAnimations) stopAnimations();
    return answer('settled');
  }

  // A page whose fonts do not come is shown without them.
  await Promise.race([document.fonts.ready, sleep(Math.min(grace, left()))]);
  await frame();
  const loaded = performance.getEntriesByType('navigation')[0]?.loadEventEnd ?? 0;
  // Behind something that held the page up, its own timers get their turn first.
  const fresh = isFresh || isWatched ? started : started - quiet / 2;
  watch.changed.clear();
  let movedFor = started;
  for (;;) {
    if (stopsAnimations) stopAnimations();
    const due = timers();
    const moving = stopsAnimations ? [] : running().filter(ends);
    const scripted = due > 0 || watch.count > 0 || hasScripts();
    const root = busyRoot();
    const part = root ?? busyPart();
    const last = Math.max(watch.last, loaded, fresh);
    const isQuiet = !scripted || since(last) >= quiet;
    if (isQuiet) movedFor = performance.now();
    if (isQuiet && !due && !moving.length && !part) break;
    if (left() <= 0) {
      if (root) return answer('busy', [describe(root)]);
      if (!isQuiet && watch.changed.size) return answer('restless', restless());
      break;
    }
    // What moves all the time is somebody else's to judge: whether the tree changes with it.
    if (!isQuiet && since(movedFor) > grace) return answer('restless', restless());
    if (!root && (part || moving.length) && since(started) > grace * 3 && isQuiet && !due) {
      return answer('settled', part ? [describe(part)] : moving.map(one => describe(one.effect.target ?? document.documentElement)));
    }
    if (moving.length) {
      await Promise.race([Promise.allSettled(moving.map(one => one.finished)), sleep(Math.min(50, left()))]);
    } else if (part) {
      await sleep(Math.min(20, left()));
    } else {
      await sleep(Math.min(Math.max(due, isQuiet ? 0 : quiet - since(last)) + 1, left()));
    }
  }
  if (hasScripts()) await new Promise(done => requestIdleCallback(done, { timeout: quiet }));
  watch.rests = true;
  return answer('settled');
}
