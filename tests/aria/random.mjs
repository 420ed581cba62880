// Writes random pages with what Playwright says of them, in the form of the cases beside this file.
//
//   npm install && node random.mjs [--seed N] [--count N] [--out FOLDER]
//
// Page i of a run is made from seed N + i alone, in a file of the seed's name: "node random.mjs --seed 4711 --count 1"
// makes page 4711 again. Hold the folder against ariasnap with
//
//   ARIASNAP_CASES=FOLDER cargo test --test it -- aria::
//
// BROWSER and JOBS as for record.mjs. What a run finds becomes a case of its own, cut down, with its seed in the comment.

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeArchive } from '../archive.mjs';
import { recordCases } from './record.mjs';

/** A generator of numbers that is the same everywhere: mulberry32. */
function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = n => Math.floor(next() * n);
  return { below, chance: p => next() < p, one: list => list[below(list.length)] };
}

const TEXTS = [
  'alpha', 'beta gamma', 'Übergröße', 'שלום', '日本語', 'a\u00a0b', ' lead', 'trail ', '\n  two\n  lines\n', '\t', 'zero\u200bwidth',
  'soft\u00adhyphen', '- dash', 'key: value', '# hash', "it's", 'say "hi"', '[x]', '{y}', '12', '1e3', '0x1f', 'true', 'no', '~', '/re/',
  'a # b', 'ends:', '\\back', '`tick`', '@at', '%pct', '&amp;', '&lt;b&gt;', '🙂', 'x'.repeat(90), '!', '*', '|', '>', '', ' ', '…',
];
const ROLES = [
  'alert', 'alertdialog', 'application', 'article', 'banner', 'button', 'cell', 'checkbox', 'columnheader', 'combobox', 'complementary',
  'contentinfo', 'definition', 'dialog', 'document', 'feed', 'figure', 'form', 'generic', 'grid', 'gridcell', 'group', 'heading', 'img', 'link',
  'list', 'listbox', 'listitem', 'log', 'main', 'math', 'menu', 'menubar', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'meter',
  'navigation', 'none', 'note', 'option', 'paragraph', 'presentation', 'progressbar', 'radio', 'radiogroup', 'region', 'row', 'rowgroup', 'rowheader',
  'scrollbar', 'search', 'searchbox', 'separator', 'slider', 'spinbutton', 'status', 'strong', 'switch', 'tab', 'table', 'tablist', 'tabpanel',
  'term', 'textbox', 'time', 'timer', 'toolbar', 'tooltip', 'tree', 'treegrid', 'treeitem', 'bogus', 'Button', 'bogus link', 'none button', '',
];
const STYLES = [
  'display: none', 'display: contents', 'display: inline', 'display: inline-block', 'display: block', 'display: flex', 'visibility: hidden',
  'visibility: visible', 'visibility: collapse', 'opacity: 0', 'cursor: pointer', 'cursor: default', 'pointer-events: none', 'pointer-events: auto',
  'width: 0; height: 0; overflow: hidden', 'position: absolute', 'content-visibility: hidden', 'float: left', 'white-space: pre', 'font-size: 0',
];
const BLOCKS = ['div', 'div', 'p', 'section', 'article', 'aside', 'main', 'nav', 'header', 'footer', 'blockquote', 'figure', 'form', 'fieldset', 'details', 'dialog', 'address', 'search', 'hgroup', 'pre', 'center'];
const INLINES = ['span', 'span', 'a', 'b', 'em', 'strong', 'code', 'del', 'ins', 'mark', 'sub', 'sup', 'time', 'dfn', 'abbr', 'label', 'button', 'q', 'small', 'i', 'output', 'x-widget'];
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
const INPUTS = ['text', 'search', 'email', 'tel', 'url', 'number', 'range', 'checkbox', 'radio', 'button', 'submit', 'reset', 'image', 'file', 'date', 'color', 'hidden', 'time'];
const STATES = {
  'aria-checked': ['true', 'false', 'mixed', 'TRUE', ''], 'aria-disabled': ['true', 'false', ''], 'aria-expanded': ['true', 'false', ''],
  'aria-invalid': ['true', 'false', 'grammar', 'spelling', '', 'yes'], 'aria-level': ['1', '3', '0', '-1', '2.5', 'x', ''], 'aria-pressed': ['true', 'false', 'mixed', ''],
  'aria-selected': ['true', 'false', ''], 'aria-hidden': ['true', 'false', ''], 'aria-busy': ['true'], 'aria-live': ['polite'], 'aria-current': ['page'],
  'aria-valuenow': ['5', ''], 'aria-valuetext': ['half', ''], 'aria-placeholder': ['hint'], 'aria-roledescription': ['thing'], 'aria-haspopup': ['menu'], 'aria-atomic': ['true'],
};
const IDS = 8;

const escape = text => text.replace(/&(?!amp;|lt;|gt;)/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** The markup of one page. */
function page(seed) {
  const random = generator(seed);
  const { below, chance, one } = random;
  const free = Array.from({ length: IDS }, (_, i) => `i${i}`);
  let left = 25 + below(35), frames = 0;

  const text = () => escape(one(TEXTS));
  const references = () => Array.from({ length: 1 + below(3) }, () => `i${below(IDS + 1)}`).join(' ');

  function attributes(more = {}) {
    const all = { ...more };
    const maybe = (p, name, value) => { if (chance(p)) all[name] ??= value(); };
    if (free.length && chance(0.25)) all.id = free.splice(below(free.length), 1)[0];
    maybe(0.16, 'role', () => one(ROLES));
    maybe(0.12, 'style', () => chance(0.2) ? `${one(STYLES)}; ${one(STYLES)}` : one(STYLES));
    maybe(0.1, 'class', () => `c${below(6)}`);
    maybe(0.08, 'aria-label', () => one(TEXTS));
    maybe(0.07, 'aria-labelledby', references);
    maybe(0.03, 'aria-describedby', references);
    maybe(0.03, 'aria-owns', references);
    maybe(0.06, 'title', () => one(TEXTS));
    maybe(0.05, 'tabindex', () => one(['0', '-1', '', 'x']));
    maybe(0.02, 'hidden', () => one(['', 'until-found']));
    maybe(0.02, 'inert', () => '');
    maybe(0.02, 'contenteditable', () => '');
    maybe(0.02, 'dir', () => 'rtl');
    for (let n = chance(0.2) ? 1 + below(3) : 0; n > 0; n--) {
      const name = one(Object.keys(STATES));
      all[name] ??= one(STATES[name]);
    }
    return Object.entries(all).map(([name, value]) => value === '' ? ` ${name}=""` : ` ${name}="${escape(value)}"`).join('');
  }

  const element = (tag, content = '', more = {}) => `<${tag}${attributes(more)}>${content}</${tag}>`;
  const several = (most, make) => Array.from({ length: 1 + below(most) }, make).join(chance(0.5) ? '\n' : '');
  const phrase = depth => several(3, () => chance(0.55) || depth <= 0 ? text() : inline(depth - 1));

  function inline(depth) {
    left--;
    if (chance(0.2)) return control(depth);
    if (chance(0.06)) return `<img${attributes(one([{}, { alt: '' }, { alt: one(TEXTS) }]))} width="${one(['9', '0'])}" height="9" src="data:,">`;
    if (chance(0.04)) return `<svg${attributes()} width="9" height="9">${chance(0.5) ? `<title>${text()}</title>` : ''}${chance(0.4) ? `<a href="#" xlink:title="t">${`<text y="9">${text()}</text>`}</a>` : '<rect width="5" height="5"/>'}</svg>`;
    if (chance(0.02)) return `<math${attributes()}><mi>x</mi><mo>=</mo><mn>1</mn></math>`;
    if (chance(0.04)) return `<br${attributes()}>`;
    const tag = one(INLINES);
    const more = tag === 'a' && chance(0.8) ? { href: one(['#x', '/a?b=c', 'data:text/html,hi', '', 'https://example.com/']) }
      : tag === 'label' && chance(0.6) ? { for: `i${below(IDS)}` } : tag === 'button' && chance(0.2) ? { disabled: '' } : {};
    return element(tag, phrase(depth - 1), more);
  }

  function control(depth) {
    const kind = below(8);
    if (kind < 3) {
      const more = { type: one(INPUTS) };
      if (chance(0.5)) more.value = one(['v', '7', 'two words', '']);
      if (chance(0.3)) more.placeholder = one(['hint', '']);
      if (chance(0.2)) more.checked = '';
      if (chance(0.15)) more.disabled = '';
      if (chance(0.1)) more.list = `i${below(IDS)}`;
      if (more.type === 'image') more.alt = one(['go', '']);
      return `<input${attributes(more)}>`;
    }
    if (kind === 3) return element('textarea', text(), chance(0.4) ? { placeholder: 'hint' } : {});
    if (kind === 4) {
      const option = () => element('option', text(), chance(0.3) ? { selected: '' } : chance(0.2) ? { disabled: '' } : {});
      const list = several(3, () => chance(0.2) ? element('optgroup', several(2, option), { label: 'group' }) : option());
      return element('select', list, one([{}, {}, { multiple: '' }, { size: '3' }, { disabled: '' }]));
    }
    if (kind === 5) return element(one(['meter', 'progress']), text(), { value: '0.5' });
    if (kind === 6) return element('datalist', element('option', text()));
    return element('label', phrase(depth - 1) + (depth > 0 ? control(depth - 1) : ''));
  }

  function table(depth) {
    const cell = () => { left--; return element(chance(0.3) ? 'th' : 'td', chance(0.7) ? phrase(depth - 1) : flow(depth - 2), chance(0.2) ? { scope: one(['row', 'col', 'rowgroup', 'bad']) } : {}); };
    const row = () => element('tr', several(3, cell));
    const groups = several(2, () => chance(0.5) ? element(one(['thead', 'tbody', 'tfoot']), several(2, row)) : row());
    return element('table', (chance(0.3) ? element('caption', phrase(0)) : '') + groups, chance(0.1) ? { summary: 'sum' } : {});
  }

  function shadow(depth) {
    const slot = () => element('slot', chance(0.5) ? phrase(0) : '', chance(0.5) ? { name: `s${below(2)}` } : {});
    const inside = several(3, () => chance(0.5) ? slot() : flow(depth - 2));
    const style = chance(0.4) ? `<style>${one([':host { display: block }', ':host::before { content: "host" }', 'slot { display: block }', '::slotted(*) { cursor: pointer }', '::slotted(*)::after { content: "!" }', 'slot::before { content: "s" }'])}</style>` : '';
    const light = several(3, () => chance(0.3) ? text() : element('span', phrase(0), chance(0.5) ? { slot: `s${below(2)}` } : {}));
    // A closed root in an element of HTML that styles its host is a known difference: see capture.js.
    const host = one(['div', 'x-host', 'span', 'section']);
    const mode = one(['open', 'open', 'open', style && host !== 'x-host' ? 'open' : 'closed']);
    return element(host, `<template shadowrootmode="${mode}">${style}${inside}</template>${light}`);
  }

  function block(depth) {
    left--;
    const kind = below(20);
    if (kind < 2) return element(one(HEADINGS), phrase(depth - 1));
    if (kind < 4) {
      const item = () => element(chance(0.9) ? 'li' : 'div', chance(0.6) ? phrase(depth - 1) : flow(depth - 2));
      return element(one(['ul', 'ol', 'menu']), several(4, item));
    }
    if (kind === 4) return element('dl', several(3, () => element(one(['dt', 'dd', 'div']), phrase(depth - 1))));
    if (kind < 7) return table(depth);
    if (kind < 9) return shadow(depth);
    if (kind === 9 && frames < 3) {
      frames++;
      const inner = chance(0.3) ? phrase(0) : flow(1);
      return element('iframe', '', { srcdoc: inner, ...(chance(0.2) ? { width: '0', height: '0' } : {}), ...(chance(0.1) ? { sandbox: '' } : {}) });
    }
    if (kind === 10) return `<hr${attributes()}>`;
    const tag = one(BLOCKS);
    const lead = tag === 'details' && chance(0.8) ? element('summary', phrase(1)) : tag === 'fieldset' && chance(0.7) ? element('legend', phrase(1))
      : tag === 'figure' && chance(0.7) ? element('figcaption', phrase(1)) : '';
    const more = (tag === 'details' || tag === 'dialog') && chance(0.5) ? { open: '' } : tag === 'fieldset' && chance(0.2) ? { disabled: '' } : {};
    return element(tag, lead + (tag === 'p' || chance(0.3) ? phrase(depth - 1) : flow(depth - 1)), more);
  }

  function flow(depth) {
    if (depth <= 0 || left <= 0) return phrase(0);
    return several(4, () => left <= 0 ? text() : chance(0.7) ? block(depth) : chance(0.6) ? inline(depth) : text());
  }

  const contents = ['"x"', '"a" "b"', 'attr(title)', 'attr(id) "-"', '"pic" / "alt"', 'url(data:,) / "alt"', 'counter(c)', 'open-quote', 'none', 'normal', '""', '" "', '"\\201c"'];
  const rules = Array.from({ length: below(7) }, () => {
    const selector = one(['.c0', '.c1', '.c2', '.c3', '.c4', '.c5', 'li', 'a', 'h2', 'td', 'span', '[title]', 'p > *', ':not(div)']);
    return chance(0.6) ? `${selector}${one(['::before', '::after', ':before'])} { content: ${one(contents)}; ${chance(0.4) ? one(STYLES) : ''} }` : `${selector} { ${one(STYLES)} }`;
  });
  const body = Array.from({ length: 2 + below(4) }, () => flow(4)).join('\n');
  return `${chance(0.9) ? '<!doctype html>\n' : ''}<!-- random page ${seed} -->\n<html lang="en">\n<meta charset="utf-8">\n<title>${seed}</title>\n<style>\n${rules.join('\n')}\n</style>\n<body>\n${body}\n</body>\n</html>\n`;
}

const { values } = parseArgs({ options: {
  seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' }, out: { type: 'string', default: path.join(tmpdir(), 'ariasnap-random') },
} });
const first = Number(values.seed), count = Number(values.count);
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) {
  console.error('--seed and --count are whole numbers');
  process.exit(2);
}
const names = [];
mkdirSync(values.out, { recursive: true });
for (let seed = first; seed < first + count; seed++) {
  const files = [[`${seed}/page.html`, page(seed).toWellFormed()]];
  writeArchive(path.join(values.out, `${seed}.txtar`), { files });
  names.push(String(seed));
}
process.exitCode = await recordCases(values.out, names, { check: false, quiet: true });
