// Waits, frame by frame, until the element is shown, enabled, still, and hit by the pointer, and returns the
// point, or the obstacle when the patience is over. A checkbox or radio button that the pointer cannot hit is
// reached through its label, as people do.
async function ({ enabled, editable, hit, patience }) {
  const started = performance.now();
  const frame = () => new Promise(done => {
    requestAnimationFrame(() => done());
    setTimeout(done, 100);
  });
  // Set when the page was waited for: where no script may run, none of our timers does.
  const mayWait = globalThis.ariasnapMayWait !== false;
  const nodes = globalThis.ariasnapNodes ?? [];
  const isShown = element => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    return [...element.getClientRects()].some(rect => rect.width > 0 && rect.height > 0);
  };
  const parentOf = node => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const contains = (outer, inner) => {
    for (let at = inner; at; at = parentOf(at)) if (at === outer) return true;
    return false;
  };
  const isDisabled = element => {
    if (element.matches(':disabled')) return true;
    for (let at = element; at; at = parentOf(at)) if (at.getAttribute('aria-disabled') === 'true') return true;
    return false;
  };
  const topmost = (x, y) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  };
  const tagOf = element => {
    const names = ['id', 'class', 'role', 'aria-label'].filter(name => element.hasAttribute(name));
    const attributes = names.map(name => ` ${name}="${element.getAttribute(name).slice(0, 60)}"`);
    return `<${element.localName}${attributes.join('')}>`;
  };
  // The middle of a box of several lines may be beside all of them.
  const middle = element => {
    const inWindow = rect => {
      const left = Math.max(rect.left, 0), right = Math.min(rect.right, innerWidth);
      const top = Math.max(rect.top, 0), bottom = Math.min(rect.bottom, innerHeight);
      return right - left > 0 && bottom - top > 0 ? { x: (left + right) / 2, y: (top + bottom) / 2 } : null;
    };
    for (const rect of element.getClientRects()) {
      const point = rect.width > 0 && rect.height > 0 && inWindow(rect);
      if (point) return point;
    }
    return null;
  };
  const labelOf = element => element.labels && [...element.labels].find(isShown);
  const belongs = (target, found) => {
    if (contains(target, found)) return true;
    const label = found.closest('label');
    return Boolean(label && label.control === this);
  };
  const look = target => {
    if (!isShown(target)) return { state: 'hidden' };
    if (enabled && isDisabled(this)) return { state: 'disabled' };
    if (editable && (this.readOnly || this.getAttribute('aria-readonly') === 'true')) return { state: 'readonly' };
    if (!hit) return { state: 'ready', x: 0, y: 0 };
    let point = middle(target);
    if (!point) return { state: 'outside' };
    const found = topmost(point.x, point.y);
    if (!found || belongs(target, found)) return { state: 'ready', ...point };
    const chain = [];
    for (let at = found; at && !contains(at, target); at = parentOf(at)) {
      const index = nodes.indexOf(at);
      if (index > 0) chain.push(index);
    }
    return { state: 'covered', chain, tag: tagOf(found) };
  };
  const place = target => {
    const { x, y, width, height } = target.getBoundingClientRect();
    return [x, y, width, height].join();
  };
  const isToggle = this.localName === 'input' && /^(checkbox|radio)$/.test(this.type);

  let found = { state: 'hidden' }, target = this, before = '';
  for (let round = 0; ; round++) {
    if (!this.isConnected) return { state: 'gone' };
    if (hit && isToggle) target = isShown(this) || !labelOf(this) ? this : labelOf(this);
    if (hit && round % 10 === 0) target.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const now = place(target);
    found = look(target);
    // Something sticky may cover it at an edge: the middle of the window is freer.
    if (found.state === 'covered' || found.state === 'outside') {
      target.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      if (isToggle && target === this && labelOf(this)) {
        const label = labelOf(this), other = look(label);
        if (other.state === 'ready') target = label;
      }
    }
    if (found.state === 'ready' && (!hit || !mayWait || now === before)) return found;
    if (found.state === 'ready') found = { state: 'moving' };
    before = place(target);
    if (!mayWait || performance.now() - started >= patience) return found;
    await frame();
  }
}
