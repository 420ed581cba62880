// What axe-core finds in the review's page and in the HTML report, closed and open, light and dark, wide and narrow.
//
//   cargo build --release && npm install && node axe.mjs [--keep FOLDER]
//
// Makes a project with twelve differing pages and one new in a folder of its own, runs the tool on it, and exits with 1
// where axe-core has a violation or a page is wider than its window. BROWSER names the Chromium to use, ARIASNAP the tool.
// --keep writes a picture of each look into FOLDER.

import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const tool = path.resolve(process.env.ARIASNAP ?? path.join(here, '../../../target/release/ariasnap'));
const browserPath = process.env.BROWSER ?? execFileSync(tool, ['browser', 'path'], { encoding: 'utf8' }).trim();
const { values: options } = parseArgs({ options: { keep: { type: 'string' } } });
const project = mkdtempSync(path.join(tmpdir(), 'ariasnap-axe-'));

/** A page; `after` is what somebody changed since the baselines. */
const page = (number, after) => `<!doctype html><html lang="en"><title>Page ${number}</title>
<nav aria-label="Main"><ul><li><a href="/0.html">Home</a></li>${after ? '<li><a href="/docs.html">Docs</a></li>' : ''}</ul></nav>
<main><h1>Page ${number}</h1><${after && number < 4 ? 'div' : 'h2'}>Prices</${after && number < 4 ? 'div' : 'h2'}>
<p>From ${after ? 20 : 15} a month.</p><button${after && number === 5 ? '' : ' aria-label="Save it"'}></button></main></html>`;

function write(after) {
  mkdirSync(path.join(project, 'site'), { recursive: true });
  mkdirSync(path.join(project, 'specs'), { recursive: true });
  const count = after ? 13 : 12;
  for (let number = 0; number < count; number++) writeFileSync(path.join(project, `site/${number}.html`), page(number, after));
  const pages = Array.from({ length: count }, (_, number) => `  - /${number}.html`);
  writeFileSync(path.join(project, 'specs/all.yml'), `pages:\n${pages.join('\n')}\n`);
  writeFileSync(path.join(project, 'ariasnap.yml'), 'site: {dir: site}\n');
}

const run = (...args) => spawnSync(tool, args, { cwd: project, encoding: 'utf8' });

/** The address that `ariasnap review --web` prints. */
async function review() {
  const server = spawn(tool, ['review', '--web', '--no-open'], { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  const url = await new Promise((done, fail) => {
    const hear = data => {
      told += data;
      const found = /http:\/\/\S+/.exec(told);
      if (found) done(found[0]);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.on('exit', () => fail(new Error(`the review ended:\n${told}`)));
  });
  return { url, close: () => server.kill() };
}

let violations = 0;

async function look(browser, name, url) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const tab = await context.newPage();
      const started = performance.now();
      await tab.goto(url);
      const loaded = performance.now() - started;
      for (const state of ['closed', 'open']) {
        if (state === 'open') {
          await tab.getByRole('button', { name: 'Open all' }).click();
          await tab.waitForLoadState('networkidle');
        }
        await tab.evaluate(axe.source);
        const found = await tab.evaluate(() => globalThis.axe.run(document));
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        const told = found.violations.map(one => `${one.id} (${one.nodes.length}): ${one.nodes[0].target}`);
        if (wide > 0) told.push(`wider than the window by ${wide} px`);
        violations += told.length;
        console.log(`${name} ${colorScheme} ${width} ${state}: ${told.join('; ') || `no violation, ${found.passes.length} rules passed`} (loaded in ${loaded.toFixed(0)} ms)`);
        if (options.keep) {
          mkdirSync(options.keep, { recursive: true });
          await tab.screenshot({ path: path.join(options.keep, `${name}-${colorScheme}-${width}-${state}.png`) });
        }
      }
      await context.close();
    }
  }
}

try {
  write(false);
  const first = run('test', '--update');
  if (first.status !== 0) throw new Error(first.stdout + first.stderr);
  write(true);
  const second = run('test', '--reporter', 'html=report.html');
  if (second.status !== 1) throw new Error(`exit code ${second.status}\n${second.stdout}${second.stderr}`);
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  const report = pathToFileURL(path.join(project, 'report.html')).href;
  await look(browser, 'report', report);
  const server = await review();
  await look(browser, 'review', server.url);
  server.close();
  await browser.close();
} finally {
  rmSync(project, { recursive: true, force: true });
}
console.log(violations ? `${violations} violations` : 'no violation');
process.exitCode = violations ? 1 : 0;
