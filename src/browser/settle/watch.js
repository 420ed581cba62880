// Runs in an isolated world of a document. Resolves when the document has been idle, with nothing
// outstanding and without an effect in between, in as many looks in a row as were asked for; with no
// looks, reports at once what is outstanding. `settle.rs` explains the terms.
async ({ looks, generation, stopsAnimations, signal, limits }) => {
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

  const watch = globalThis[Symbol.for('ariasnap.watch')] ??= (() => {
    const watch = { changes: 0, generation: 0, changed: new Map(), roots: new WeakSet(), animated: new WeakMap(), areFramesStill: false };
    const changed = new Event(signal + '-changed');
    const note = records => {
      watch.changes++;
      const name = describe(records[records.length - 1].target);
      watch.changed.set(name, (watch.changed.get(name) ?? 0) + 1);
      document.dispatchEvent(changed);
    };
    watch.note = () => {
      const records = watch.observer.takeRecords();
      if (records.length) note(records);
    };
    watch.observer = new MutationObserver(note);
    watch.observe = root => {
      if (watch.roots.has(root)) return;
      watch.roots.add(root);
      watch.observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch.observe(element.shadowRoot);
    };
    // A smooth scroll goes on in frames of which no script knows.
    document.addEventListener('scroll', () => { watch.changes++; }, { capture: true, passive: true });
    // What the hook in the page's own world counts.
    watch.ask = () => {
      let report = { effects: 0, frames: 0, workers: 0, outstanding: [], errors: [], stores: true, foundStorage: false };
      const hear = event => { report = JSON.parse(event.detail); };
      document.addEventListener(signal + '-report', hear);
      document.dispatchEvent(new Event(signal));
      document.removeEventListener(signal + '-report', hear);
      return report;
    };
    return watch;
  })();
  if (looks && watch.generation < generation) {
    watch.generation = generation;
    watch.changed.clear();
  }
  watch.observe(document);

  const sleep = time => new Promise(done => setTimeout(done, time));
  // Nothing else to do. Where no frames are drawn for a while, Chromium may hold idle callbacks back; a
  // task of background priority, too, has its turn behind everything else.
  const idle = () => new Promise(done => {
    let isOver = false;
    const end = () => { isOver = true; done(); };
    requestIdleCallback(end);
    sleep(limits.idle).then(() => isOver || scheduler.postTask(end, { priority: 'background' }));
  });
  // A frame. None comes where a frame element is not drawn: what waits for one there waits for ever.
  const frame = async () => {
    if (window !== top && innerWidth === 0 && innerHeight === 0) watch.areFramesStill = true;
    if (watch.areFramesStill) {
      requestAnimationFrame(() => { watch.areFramesStill = false; });
      return sleep(0);
    }
    let isOver = false;
    const drawn = new Promise(done => requestAnimationFrame(() => { isOver = true; done(); }));
    const missed = async () => {
      for (let turn = 0; turn < limits.missedFrames && !isOver; turn++) await sleep(limits.poll);
      if (!isOver && window !== top) watch.areFramesStill = true;
    };
    return Promise.race([drawn, missed()]);
  };
  const isScript = script => !script.type || /^(module|importmap|text\/|application\/(x-)?(java|ecma)script)/i.test(script.type);
  const hasScripts = () => [...document.scripts].some(isScript);
  const running = () => document.getAnimations().filter(one => one.playState === 'running' && one.effect);
  const timing = one => one.effect.getComputedTiming();
  const ends = one => Number.isFinite(timing(one).endTime);
  const target = one => one.effect.target ?? document.documentElement;
  const stopAnimations = () => {
    for (const one of running()) {
      try { ends(one) ? one.finish() : one.cancel(); } catch { /* an animation of no length */ }
    }
  };
  const busyRoot = () => [document.documentElement, document.body, ...document.querySelectorAll('main, [role=main]')]
    .find(element => element?.getAttribute('aria-busy') === 'true');
  const busyPart = () => [...document.querySelectorAll('[aria-busy=true]')].find(element => element.checkVisibility());

  // What is outstanding, and what is left alone because it takes long.
  const look = () => {
    watch.note();
    if (stopsAnimations) stopAnimations();
    const report = watch.ask();
    if (watch.areFramesStill) report.outstanding = report.outstanding.filter(({ kind }) => kind !== 'animation frames');
    const add = (kind, ends) => report.outstanding.push({ kind, ends, token: kind });
    report.long = [];
    if (!stopsAnimations) {
      for (const one of running().filter(ends)) {
        const { endTime, localTime } = timing(one);
        const kind = `an animation of ${describe(target(one))}`;
        // One after another on the same element may be an animation that begins again and again.
        if (!watch.animated.has(target(one))) watch.animated.set(target(one), one);
        const isFirst = watch.animated.get(target(one)) === one;
        if (endTime - (localTime ?? 0) <= limits.animation) report.outstanding.push({ kind, ends: isFirst, token: `${kind} ${one.startTime}` });
        else report.long.push(kind);
      }
    }
    if (document.fonts.status === 'loading') add('fonts', false);
    const root = busyRoot();
    const part = root ?? busyPart();
    if (part) add(`${describe(part)} has aria-busy`, Boolean(root));
    for (const media of document.querySelectorAll('video, audio'))
      if (media.networkState === 2 && media.readyState === 0) add(describe(media), false);
    const refresh = document.querySelector('meta[http-equiv=refresh i]')?.content;
    if (refresh && Number.parseFloat(refresh) * 1000 <= limits.timer) add('a refresh of the document', true);
    report.changes = watch.changes;
    report.hasScripts = report.effects > 0 || hasScripts();
    report.isStable = false;
    report.changed = [...watch.changed].sort((one, other) => other[1] - one[1]).slice(0, 3).map(([name]) => name);
    return report;
  };

  // Where no script may run (a sandboxed frame), no timer of ours does either: nothing can be waited
  // for, and nothing but the network changes what is there. Only there is `noscript` read as markup.
  const mayRun = () => {
    if (document instanceof XMLDocument) return true;
    const probe = document.createElement('div');
    try { probe.innerHTML = '<noscript><p></p></noscript>'; } catch { return true; }
    return !probe.querySelector('p');
  };
  globalThis.ariasnapMayWait ??= mayRun();
  if (!globalThis.ariasnapMayWait || !looks) {
    const report = look();
    if (!globalThis.ariasnapMayWait) Object.assign(report, { outstanding: [], isStable: true });
    return report;
  }

  for (let same = 0, before = -1; ;) {
    await frame();
    const isStatic = () => before === -1 && !watch.changes;
    let report = look();
    // Without scripts, nothing comes of being idle.
    if (report.hasScripts || !isStatic() || report.outstanding.length) {
      await idle();
      report = look();
    }
    if (watch.generation !== generation) return report;
    if (report.outstanding.length) {
      same = 0;
      before = -1;
      await sleep(limits.poll);
      continue;
    }
    const effects = report.effects + report.changes;
    same = !report.hasScripts && !watch.changes ? looks : effects === before ? same + 1 : 1;
    before = effects;
    if (same >= looks) return { ...report, isStable: true };
  }
}
