// Finds elements that may get a `::before` or an `::after` from a style rule, by the rules' selectors.
// `all` where a sheet cannot be read or a selector cannot be turned into a query.
// The parameter are the document's own style sheets; `addSheets` adds those of a shadow root.
styleSheets => {
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
        // Declarations behind nested rules belong to the outer selector.
        if (/:(before|after)/i.test(parents)) addSelector(scope, parents);
      }
      if (rule.cssRules) visitRules(scope, rule.cssRules, selector ?? parents);
    }
  };
  const visitSheets = scope => {
    const own = scope === document ? styleSheets : scope.styleSheets;
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

  // At the commas outside of brackets and strings.
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

  found.addSheets(document);
  return found;
}
