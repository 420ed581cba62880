// Describes elements by their indexes in the last capture: selector, markup, box. Runs in the collector's
// world.
(indexes, longest) => {
  const elements = new Map();
  const nodes = globalThis.ariasnapNodes ?? [];
  for (const index of indexes) if (nodes[index]) elements.set(index, nodes[index]);

  const step = (element, root) => {
    const name = CSS.escape(element.localName);
    if (element.id && root.querySelectorAll('#' + CSS.escape(element.id)).length === 1) return ['#' + CSS.escape(element.id), true];
    const twins = element.parentNode ? [...element.parentNode.children].filter(other => other.localName === element.localName) : [element];
    return [twins.length > 1 ? `${name}:nth-of-type(${twins.indexOf(element) + 1})` : name, false];
  };
  const selector = element => {
    const root = element.getRootNode();
    const steps = [];
    for (let at = element; at instanceof Element; at = at.parentNode) {
      if (steps.length && at === document.body) break;
      const [text, isUnique] = step(at, root);
      steps.unshift(text);
      if (isUnique) break;
    }
    const inside = steps.join(' > ');
    return root instanceof ShadowRoot ? `${selector(root.host)} >>> ${inside}` : inside;
  };
  const markup = element => {
    const copy = element.cloneNode(true);
    for (const field of [copy, ...copy.querySelectorAll('input')])
      if (field instanceof HTMLInputElement && field.type === 'password' && field.hasAttribute('value')) field.setAttribute('value', '[masked]');
    const text = copy.outerHTML.toWellFormed();
    const points = Array.from(text.slice(0, longest * 2));
    return points.length > longest ? points.slice(0, longest).join('') + '…' : text;
  };
  return indexes.map(index => {
    const element = elements.get(index);
    if (!element?.isConnected) return null;
    const box = Element.prototype.getBoundingClientRect.call(element);
    const rect = box.width > 0 && box.height > 0
      ? [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round)
      : null;
    return { selector: selector(element), html: markup(element), rect };
  });
}
