// Collects the plain facts of one document into flat arrays over a table of strings; see
// `dom::facts` for their meaning. Runs in an isolated world, so the page cannot have changed the
// prototypes. Holds no rule about what a fact means.
(options, ...closedRoots) => {
  const HTML = 'http://www.w3.org/1999/xhtml';
  const NAMESPACES = new Map([[HTML, 0], ['http://www.w3.org/2000/svg', 1], ['http://www.w3.org/1998/Math/MathML', 2]]);

  // A form (and the document) lets a control called `firstChild` shadow its own property.
  const getter = (prototype, name) => {
    const get = Object.getOwnPropertyDescriptor(prototype, name).get;
    return node => get.call(node);
  };
  const formGet = {
    firstChild: getter(Node.prototype, 'firstChild'),
    nextSibling: getter(Node.prototype, 'nextSibling'),
    nodeType: getter(Node.prototype, 'nodeType'),
    nodeName: getter(Node.prototype, 'nodeName'),
    namespaceURI: getter(Element.prototype, 'namespaceURI'),
    attributes: getter(Element.prototype, 'attributes'),
    shadowRoot: getter(Element.prototype, 'shadowRoot'),
    parentElement: getter(Node.prototype, 'parentElement'),
  };
  const read = (node, name) => node instanceof HTMLFormElement ? formGet[name](node) : node[name];
  const documentGet = name => getter(Document.prototype, name)(document);

  const table = () => {
    const ids = new Map(), list = [];
    return {
      list,
      id(key, value = key) {
        let id = ids.get(key);
        if (id === undefined) {
          id = list.length;
          ids.set(key, id);
          list.push(value);
        }
        return id;
      },
    };
  };
  const strings = table(), tags = table(), styles = table();

  // Half a surrogate pair is no character and cannot be sent: private characters stand for halves.
  const intern = strings.id;
  const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const asSendable = text => text.replace(loneSurrogate, half => String.fromCodePoint(0x10f800 + half.charCodeAt(0) - 0xd800));
  strings.id = text => intern(text, text.isWellFormed() ? text : asSendable(text));

  const rootOfHost = new Map(closedRoots.map(root => [root.host, root]));
  const wanted = new Set(options.attributes);
  const opaque = new Set(options.opaque);
  const nodes = [];
  const facts = {
    inputTypes: [], values: [], selectSizes: [], labels: [], assigned: [], labelledBy: [], contents: [], lateTexts: [], pseudos: [], rects: [], frames: [],
  };
  const indexOf = new Map();
  const references = [];
  const frameElements = [];
  let count = 1, up = 0;

  const pseudoTargets = findPseudoTargets();
  const range = document.createRange();

  const open = kind => {
    nodes.push(up * 4 + kind);
    up = 0;
    return count++;
  };
  const refer = (list, owner, elements) => references.push([list, owner, elements]);

  const visitText = (node, inContents) => {
    let shown = false;
    if (inContents) {
      range.selectNode(node);
      let rect = range.getBoundingClientRect();
      // Where layout is skipped (`content-visibility: hidden`), Chromium may lay out only for the second look.
      const isLate = rect.width === 0;
      if (isLate) rect = range.getBoundingClientRect();
      shown = rect.width > 0 && rect.height > 0;
      if (shown && isLate) facts.lateTexts.push(count);
    }
    indexOf.set(node, open(shown ? 3 : 0));
    nodes.push(strings.id(node.data));
  };

  const visitChildren = (parent, inContents, isOpaque) => {
    let other = false;
    for (let child = read(parent, 'firstChild'); child; child = read(child, 'nextSibling')) {
      const type = read(child, 'nodeType');
      if (type === 1) visit(child);
      else if (type === 3) isOpaque ? visitOpaqueText(child) : visitText(child, inContents);
      else other = true;
    }
    up++;
    return other;
  };

  // Of a script's or a style sheet's source nothing is told but whether there is any.
  const visitOpaqueText = node => {
    indexOf.set(node, open(0));
    nodes.push(strings.id(node.data.trim().slice(0, 8)));
  };

  const attributes = (element, all) => {
    const at = nodes.length;
    nodes.push(0);
    let number = 0;
    const list = read(element, 'attributes');
    for (let i = 0, n = list.length; i < n; i++) {
      const attribute = list[i];
      if (!all && !wanted.has(attribute.name)) continue;
      nodes.push(strings.id(attribute.name), strings.id(attribute.value));
      number++;
    }
    nodes[at] = number;
  };

  // A closed shadow root can style its host and the host's children, and cannot be seen. Most often
  // it is a custom element's. Other elements are not asked: that is what makes this fast.
  const mayHideShadowRoot = element => read(element, 'nodeName').includes('-') && !rootOf(element);
  const rootOf = element => rootOfHost.get(element) ?? read(element, 'shadowRoot');

  const visit = element => {
    const index = open(1);
    indexOf.set(element, index);
    const name = read(element, 'nodeName');
    const namespace = read(element, 'namespaceURI');
    const root = rootOf(element);
    // Before the host's own pseudo-elements are read: its shadow tree may style them.
    if (root) pseudoTargets.addSheets(root);
    const style = getComputedStyle(element);
    const { display, visibility, cursor, pointerEvents, content } = style;

    const flagsAt = nodes.length + 1;
    nodes.push(tags.id(namespace + ' ' + name, [name, NAMESPACES.get(namespace) ?? 3]), 0);
    nodes.push(styles.id(display + '|' + visibility + '|' + cursor + '|' + pointerEvents, [display, visibility, cursor, pointerEvents]));
    let flags = 0;
    const shown = Element.prototype.checkVisibility.call(element);
    if (shown) flags |= 1;
    if (options.sizes && shown && visibility === 'visible' || options.rects) {
      const rect = Element.prototype.getBoundingClientRect.call(element);
      if (rect.width > 0 && rect.height > 0) flags |= 2;
      if (options.rects) facts.rects.push(index, Math.round(rect.x), Math.round(rect.y), Math.round(rect.width), Math.round(rect.height));
    }

    let needsAllAttributes = false;
    if (content !== 'normal' && content !== 'none' && content !== '') {
      facts.contents.push(index, strings.id(content));
      needsAllAttributes = content.includes('attr(');
    }
    const parent = read(element, 'parentElement');
    const askAnyway = mayHideShadowRoot(element) || parent !== null && mayHideShadowRoot(parent);
    for (let which = 0; which < 2; which++) {
      if (pseudoTargets.all || askAnyway || pseudoTargets.sets[which].has(element)) {
        const pseudo = getComputedStyle(element, which ? '::after' : '::before');
        const text = pseudo.content;
        if (text && text !== 'none' && text !== 'normal') {
          facts.pseudos.push(index, which, strings.id(text), strings.id(pseudo.display), strings.id(pseudo.visibility));
          needsAllAttributes ||= text.includes('attr(');
        }
      }
    }
    attributes(element, needsAllAttributes);
    if (namespace === HTML) flags |= liveState(element, name, index);
    if (Element.prototype.hasAttribute.call(element, 'aria-labelledby')) {
      const elements = element.ariaLabelledByElements;
      if (elements) refer(facts.labelledBy, index, elements);
    }

    if (root) {
      open(2);
      visitChildren(root, false, false);
    }
    if (visitChildren(element, display === 'contents', opaque.has(name))) flags |= 4;
    // A look at what is in it may have been what Chromium needed to lay it out.
    if (options.sizes && (flags & 3) === 1 && visibility === 'visible' && style.contentVisibility === 'hidden') {
      const rect = Element.prototype.getBoundingClientRect.call(element);
      if (rect.width > 0 && rect.height > 0) flags |= 512;
    }
    nodes[flagsAt] = flags;
  };

  const liveState = (element, name, index) => {
    let flags = 0;
    switch (name.toUpperCase()) {
      case 'INPUT':
        facts.inputTypes.push(index, strings.id(element.type));
        facts.values.push(index, strings.id(element.type === 'password' && element.value ? options.passwordMask : element.value));
        if (element.checked) flags |= 8;
        if (element.indeterminate) flags |= 16;
        refer(facts.labels, index, element.labels);
        break;
      case 'TEXTAREA':
        facts.values.push(index, strings.id(element.value));
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

  // Elements to which a style rule may give a `::before` or an `::after`, from the rules'
  // selectors. `all` where a sheet cannot be read or a selector cannot be turned into a query.
  function findPseudoTargets() {
    const sets = [new Set(), new Set()];
    const found = { all: false, sets };

    const addSelector = (scope, selector) => {
      for (const part of splitSelector(selector)) {
        const match = /(?<!\\)::?(before|after)(?![\w-])/i.exec(part);
        if (!match) continue;
        const set = sets[match[1].toLowerCase() === 'before' ? 0 : 1];
        const subject = part.slice(0, match.index);
        if (/:host|::slotted|::part|:scope/i.test(subject)) return void (found.all = true);
        const query = subject === '' || /[\s>+~|]$/.test(subject) ? subject + '*' : subject;
        for (const element of scope.querySelectorAll(query)) set.add(element);
      }
    };
    const visitRules = (scope, rules, parents) => {
      for (const rule of rules) {
        if (rule.styleSheet) visitRules(scope, rule.styleSheet.cssRules, parents);
        let selector = rule.selectorText;
        if (typeof selector === 'string') {
          if (parents) {
            const parent = `:is(${parents})`;
            selector = splitSelector(selector).map(part => part.includes('&') ? part.replaceAll('&', parent) : `${parent} ${part}`).join(', ');
          }
          if (rule.style?.content && /:(before|after)/i.test(selector)) addSelector(scope, selector);
        } else if (rule.style?.content && parents) {
          // Declarations behind nested rules: they belong to the selector around them.
          if (/:(before|after)/i.test(parents)) addSelector(scope, parents);
        }
        if (rule.cssRules) visitRules(scope, rule.cssRules, selector ?? parents);
      }
    };
    const visitSheets = scope => {
      const own = scope === document ? documentGet('styleSheets') : scope.styleSheets;
      for (const sheet of [...own, ...scope.adoptedStyleSheets])
        visitRules(scope, sheet.cssRules, undefined);
    };
    found.addSheets = scope => {
      try {
        visitSheets(scope);
      } catch {
        found.all = true;
      }
    };
    found.addSheets(document);
    return found;
  }

  // At the commas that stand in no bracket and no string.
  function splitSelector(selector) {
    const parts = [];
    let depth = 0, quote = '', start = 0;
    for (let i = 0; i < selector.length; i++) {
      const c = selector[i];
      if (c === '\\') i++;
      else if (quote) quote = c === quote ? '' : quote;
      else if (c === '"' || c === "'") quote = c;
      else if (c === '(' || c === '[') depth++;
      else if (c === ')' || c === ']') depth--;
      else if (c === ',' && depth === 0) {
        parts.push(selector.slice(start, i).trim());
        start = i + 1;
      }
    }
    parts.push(selector.slice(start).trim());
    return parts;
  }

  const root = documentGet('documentElement');
  if (root) visit(root);
  for (const [list, owner, elements] of references) {
    const indexes = [];
    for (const element of elements ?? []) {
      const index = indexOf.get(element);
      if (index !== undefined) indexes.push(index);
    }
    list.push(owner, indexes.length, ...indexes);
  }
  globalThis.ariasnapFrameElements = frameElements;
  globalThis.ariasnapIndexes = indexOf;
  const active = documentGet('activeElement');
  return {
    url: location.href,
    hasFocus: document.hasFocus(),
    isQuirky: documentGet('compatMode') === 'BackCompat',
    active: (active && indexOf.get(active)) ?? null,
    strings: strings.list,
    tags: tags.list,
    styles: styles.list,
    nodes: nodes.join(','),
    ...facts,
  };
}
