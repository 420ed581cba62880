// Converts a point of the frame in this element to a point of its own document, unless something covers
// the frame there.
function (x, y) {
  const box = this.getBoundingClientRect(), style = getComputedStyle(this);
  const scaleX = this.offsetWidth ? box.width / this.offsetWidth : 1;
  const scaleY = this.offsetHeight ? box.height / this.offsetHeight : 1;
  const own = {
    x: box.x + (this.clientLeft + parseFloat(style.paddingLeft) + x) * scaleX,
    y: box.y + (this.clientTop + parseFloat(style.paddingTop) + y) * scaleY,
  };
  let found = document.elementFromPoint(own.x, own.y);
  while (found?.shadowRoot) {
    const inner = found.shadowRoot.elementFromPoint(own.x, own.y);
    if (!inner || inner === found) break;
    found = inner;
  }
  if (found === this) return { state: 'ready', ...own };
  if (!found) return { state: 'outside' };
  const nodes = globalThis.ariasnapNodes ?? [];
  const chain = [];
  for (let at = found; at && !at.contains(this); at = at.parentElement ?? at.getRootNode().host) {
    const index = nodes.indexOf(at);
    if (index > 0) chain.push(index);
  }
  return { state: 'covered', chain, tag: `<${found.localName}>` };
}
