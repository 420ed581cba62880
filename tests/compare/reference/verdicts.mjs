// Holds the cases in `contain` mode against the reference's own matcher: each case with a `page.html` is opened, its
// template goes through the matcher behind Playwright's `toMatchAriaSnapshot`, and the verdict must be that of `expected.json`
// (`[]`: it matches). The page's own snapshot must be that of `after.aria.yml`, false states aside, which it does not write.
//   npm install playwright-core@1.65.1 (or NODE_MODULES=<folder that has it>); BROWSER=<path of a Chromium>
//   node tests/compare/reference/verdicts.mjs
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const require = createRequire(process.env.NODE_MODULES ? path.join(process.env.NODE_MODULES, 'x.js') : import.meta.url);
const { chromium } = require(process.env.NODE_MODULES ? path.join(process.env.NODE_MODULES, 'playwright-core') : 'playwright-core');
const browserPath = [process.env.BROWSER, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome']
  .find(file => file && existsSync(file));
if (!browserPath) throw new Error('no Chromium found: set BROWSER to its path');

const root = path.join(here, '..');
const cases = readdirSync(root).filter(name => existsSync(path.join(root, name, 'page.html'))).sort();
const read = (name, file) => readFileSync(path.join(root, name, file), 'utf8');
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
let wrong = 0;
try {
  const page = await browser.newPage();
  for (const name of cases) {
    await page.setContent(read(name, 'page.html'));
    const body = page.locator('body');
    const { matches } = await body._expect('to.match.aria', { expectedValue: read(name, 'before.aria.yml'), isNot: false, timeout: 1 });
    const expected = read(name, 'expected.json').trim() === '[]';
    const snapshot = (await body.ariaSnapshot()).trim();
    const recorded = read(name, 'after.aria.yml').replace(/ \[\w+=false\]/g, '').trim();
    if (matches !== expected) console.log(`${name}: the reference says ${matches ? 'match' : 'no match'}`);
    if (snapshot !== recorded) console.log(`${name}: the page is\n${snapshot}\nnot\n${recorded}`);
    if (matches !== expected || snapshot !== recorded) wrong++;
  }
} finally {
  await browser.close();
}
console.log(`${cases.length - wrong} of ${cases.length} as the reference`);
process.exit(wrong || !cases.length ? 1 : 0);
