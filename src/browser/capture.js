// Collects the facts of a document into flat arrays over a table of strings, which `dom::facts` explains.
// Runs in an isolated world, so the page cannot change the prototypes. Has no rule about what a fact means.
// `findPseudoTargets` is the function of pseudo_targets.js.
findPseudoTargets => (options, ...closedRoots) => {
  const LIVE = new Set(['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON', 'METER', 'OUTPUT', 'PROGRESS', 'OPTION', 'DETAILS', 'DIALOG', 'SLOT', 'IFRAME', 'FRAME']);
  const HTML = 'http://www.w3.org/1999/xhtml';
  const NAMESPACES = new Map([[HTML, 0], ['http://www.w3.org/2000/svg', 1], ['http://www.w3.org/1998/Math/MathML', 2]]);

  // In a form (and the document) a control called `firstChild` shadows the property.
  const getter = (prototype, name) => {
    const get = Object.getOwnPropertyDescriptor(prototype, name).get;
    return node => get.call(node);
  };
  const formGet = {
    firstChild: getter(Node.prototype, 'firstChild'),
    nextSibling: getter(Node.prototype, 'nextSibling'),
    nodeName: getter(Node.prototype, 'nodeName'),
    namespaceURI: getter(Element.prototype, 'namespaceURI'),
    shadowRoot: getter(Element.prototype, 'shadowRoot'),
  };
  const documentGet = name => getter(Document.prototype, name)(document);
  const { getAttributeNames, getAttribute, checkVisibility, closest, getBoundingClientRect } = Element.prototype;
  const parentElement = getter(Node.prototype, 'parentElement');

  const strings = [], idOfString = new Map();
  // Half a surrogate pair cannot be sent: a private character represents it.
  const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const asSendable = text => text.replace(loneSurrogate, half => String.fromCodePoint(0x10f800 + half.charCodeAt(0) - 0xd800));
  const stringId = text => {
    let id = idOfString.get(text);
    if (id === undefined) {
      id = strings.length;
      idOfString.set(text, id);
      strings.push(text.isWellFormed() ? text : asSendable(text));
    }
    return id;
  };

  // The facts that depend only on an element's name, once for each name.
  const tags = [], tagsOfNamespace = new Map();
  const tagOf = (namespace, name) => {
    let known = tagsOfNamespace.get(namespace);
    if (!known) tagsOfNamespace.set(namespace, known = new Map());
    let tag = known.get(name);
    if (!tag) {
      const isLive = namespace === HTML && LIVE.has(name.toUpperCase());
      known.set(name, tag = { id: tags.length, isLive, isInput: isLive && name.toUpperCase() === 'INPUT', isOpaque: opaque.has(name), isCustom: name.includes('-') });
      tags.push([name, NAMESPACES.get(namespace) ?? 3]);
    }
    return tag;
  };

  const styles = [], stylesOfDisplay = new Map();
  const styleId = (display, visibility, cursor, pointerEvents) => {
    let known = stylesOfDisplay.get(display);
    if (!known) stylesOfDisplay.set(display, known = []);
    for (const style of known)
      if (style.visibility === visibility && style.cursor === cursor && style.pointerEvents === pointerEvents) return style.id;
    const id = styles.length;
    known.push({ visibility, cursor, pointerEvents, id });
    styles.push([display, visibility, cursor, pointerEvents]);
    return id;
  };

  const rootOfHost = new Map(closedRoots.map(root => [root.host, root]));
  const wanted = new Set(options.attributes);
  const opaque = new Set(options.opaque);
  const nodes = [];
  const facts = {
    inputTypes: [], values: [], selectSizes: [], labels: [], assigned: [], labelledBy: [], contents: [], lateTexts: [], pseudos: [], rects: [], frames: [],
  };
  // All nodes by index; 0 is the document.
  const nodeAt = [document];
  const references = [];
  const frameElements = [];
  let up = 0;

  const pseudoTargets = findPseudoTargets(documentGet('styleSheets'));
  const range = document.createRange();

  const open = (kind, node) => {
    nodes.push(up * 4 + kind);
    up = 0;
    return nodeAt.push(node) - 1;
  };
  const refer = (list, owner, elements) => references.push([list, owner, elements]);

  const hasArea = rect => rect.width > 0 && rect.height > 0;

  // Where Chromium skips layout, a list item has no height until the style of something in it is read, and
  // never gets one if a rectangle in it was read first. Playwright reads that style before the rectangle when a
  // name refers into the item, or when an element around it takes its name from content.
  const firstReferredIn = new Map();
  let asked = 0;
  const hasAreaLate = (element, root, style) => {
    if (style.contentVisibility !== 'hidden') return false;
    for (; asked < references.length; asked++)
      for (const one of references[asked][2] ?? [])
        for (let around = one instanceof Element ? parentElement(one) : null; around && !firstReferredIn.has(around); around = parentElement(around))
          firstReferredIn.set(around, one);
    const mayBeNamedByContent = closest.call(element, options.namedByContent);
    const inner = firstReferredIn.get(element) ?? (mayBeNamedByContent ? (root ?? element).firstElementChild : null);
    return inner instanceof Element && getComputedStyle(inner).display !== '' && hasArea(getBoundingClientRect.call(element));
  };

  const visitText = (node, inContents) => {
    let kind = 0;
    if (inContents) {
      range.selectNode(node);
      let rect = range.getBoundingClientRect();
      // Where layout is skipped (`content-visibility: hidden`), Chromium may lay out only for the second read.
      const isLate = rect.width === 0;
      if (isLate) rect = range.getBoundingClientRect();
      if (hasArea(rect)) {
        kind = 3;
        if (isLate) facts.lateTexts.push(nodeAt.length);
      }
    }
    open(kind, node);
    nodes.push(stringId(node.data));
  };

  // Of the source of a script or style sheet, only whether there is any.
  const visitOpaqueText = node => {
    open(0, node);
    nodes.push(stringId(node.data.trim().slice(0, 8)));
  };

  const visitChildren = (first, inContents, isOpaque, mayHide) => {
    let other = false;
    for (let child = first; child;) {
      const type = child.nodeType;
      if (type === 3) {
        if (isOpaque) visitOpaqueText(child);
        else visitText(child, inContents);
        child = child.nextSibling;
      } else if (type === 1 || typeof type === 'object') {
        child = visit(child, mayHide);
      } else {
        other = true;
        child = child.nextSibling;
      }
    }
    up++;
    return other;
  };

  // Returns whether there is an `aria-labelledby`.
  const attributes = (element, all, isSecret) => {
    const at = nodes.length;
    let number = 0, isLabelled = false;
    nodes.push(0);
    for (const name of getAttributeNames.call(element)) {
      if (!all && !wanted.has(name)) continue;
      const value = getAttribute.call(element, name);
      nodes.push(stringId(name), stringId(isSecret && name === 'value' && value ? options.passwordMask : value));
      number++;
      if (name === 'aria-labelledby') isLabelled = true;
    }
    nodes[at] = number;
    return isLabelled;
  };

  // Visits an element with its content, and returns its next sibling. `parentMayHide`: a closed shadow root can
  // style its host and the host's children, and is invisible. Most often it is a custom element's. Other
  // elements are not checked, which makes this fast.
  const visit = (element, parentMayHide) => {
    let name = element.nodeName;
    const isForm = name === 'FORM' || typeof name !== 'string' || element instanceof HTMLFormElement;
    if (isForm) name = formGet.nodeName(element);
    const namespace = isForm ? formGet.namespaceURI(element) : element.namespaceURI;
    const tag = tagOf(namespace, name);
    const index = open(1, element);
    const root = rootOfHost.get(element) ?? (isForm ? formGet.shadowRoot(element) : element.shadowRoot);
    // Before the host's own pseudo-elements are read: its shadow tree may style them.
    if (root) pseudoTargets.addSheets(root);
    const mayHide = tag.isCustom && !root;
    const style = getComputedStyle(element);
    const { display, visibility, content } = style;
    const cursor = options.sizes ? style.cursor : '', pointerEvents = options.sizes ? style.pointerEvents : '';

    const flagsAt = nodes.length + 1;
    nodes.push(tag.id, 0, styleId(display, visibility, cursor, pointerEvents));
    let flags = 0;
    if (checkVisibility.call(element)) flags |= 1;
    if (options.sizes && flags && visibility === 'visible' || options.rects) {
      const rect = getBoundingClientRect.call(element);
      if (hasArea(rect)) flags |= 2;
      if (options.rects) facts.rects.push(index, Math.round(rect.x), Math.round(rect.y), Math.round(rect.width), Math.round(rect.height));
    }

    let needsAllAttributes = false;
    if (content !== 'normal' && content !== 'none' && content !== '') {
      facts.contents.push(index, stringId(content));
      needsAllAttributes = content.includes('attr(');
    }
    const askAnyway = pseudoTargets.all || mayHide || parentMayHide;
    for (let which = 0; which < 2; which++) {
      if (askAnyway || pseudoTargets.sets[which].has(element)) {
        const pseudo = getComputedStyle(element, which ? '::after' : '::before');
        const text = pseudo.content;
        if (text && text !== 'none' && text !== 'normal') {
          facts.pseudos.push(index, which, stringId(text), stringId(pseudo.display), stringId(pseudo.visibility));
          needsAllAttributes ||= text.includes('attr(');
        }
      }
    }
    if (attributes(element, needsAllAttributes, tag.isInput && element.type === 'password')) {
      const elements = element.ariaLabelledByElements;
      if (elements) refer(facts.labelledBy, index, elements);
    }
    if (tag.isLive) flags |= liveState(element, name, index);

    if (options.sizes && (flags & 3) === 1 && display.includes('list-item') && visibility === 'visible' && hasAreaLate(element, root, style)) flags |= 512;

    if (root) {
      open(2, root);
      visitChildren(root.firstChild, false, false, false);
    }
    const first = isForm ? formGet.firstChild(element) : element.firstChild;
    if (visitChildren(first, display === 'contents', tag.isOpaque, mayHide)) flags |= 4;
    nodes[flagsAt] = flags;
    return isForm ? formGet.nextSibling(element) : element.nextSibling;
  };

  const liveState = (element, name, index) => {
    let flags = 0;
    switch (name.toUpperCase()) {
      case 'INPUT':
        facts.inputTypes.push(index, stringId(element.type));
        facts.values.push(index, stringId(element.type === 'password' && element.value ? options.passwordMask : element.value));
        if (element.checked) flags |= 8;
        if (element.indeterminate) flags |= 16;
        refer(facts.labels, index, element.labels);
        break;
      case 'TEXTAREA':
        facts.values.push(index, stringId(element.value));
        refer(facts.labels, index, element.labels);
        break;
      case 'SELECT':
        if (element.multiple) flags |= 32;
        if (element.size) facts.selectSizes.push(index, element.size);
        refer(facts.labels, index, element.labels);
        break;
      case 'BUTTON': case 'METER': case 'OUTPUT': case 'PROGRESS':
        refer(facts.labels, index, element.labels);
        break;
      case 'OPTION':
        if (element.selected) flags |= 64;
        break;
      case 'DETAILS':
        if (element.open) flags |= 128;
        break;
      case 'DIALOG':
        if (element.matches(':modal')) flags |= 256;
        break;
      case 'SLOT': {
        const assigned = element.assignedNodes();
        if (assigned.length) refer(facts.assigned, index, assigned);
        break;
      }
      case 'IFRAME': case 'FRAME':
        facts.frames.push(index);
        frameElements.push(element);
        break;
    }
    return flags;
  };

  const root = documentGet('documentElement');
  if (root) visit(root, false);
  const indexOf = references.length ? new Map(nodeAt.map((node, index) => [node, index])) : undefined;
  for (const [list, owner, elements] of references) {
    const indexes = [];
    for (const element of elements ?? []) {
      const index = indexOf.get(element);
      if (index !== undefined) indexes.push(index);
    }
    list.push(owner, indexes.length, ...indexes);
  }
  const active = nodeAt.indexOf(documentGet('activeElement'));
  globalThis.ariasnapFrameElements = frameElements;
  globalThis.ariasnapNodes = nodeAt;
  return {
    url: location.href,
    hasFocus: document.hasFocus(),
    isQuirky: documentGet('compatMode') === 'BackCompat',
    active: active > 0 ? active : null,
    strings,
    tags,
    styles,
    nodes: nodes.join(','),
    ...facts,
  };
}
