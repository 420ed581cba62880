// Records what Playwright says of every conformance case.
//
//   npm install && node record.mjs [--check] [CASE...]
//
// A case is a folder of an archive (see ../archive.mjs) with a page.html; its name may be cut short ("role-" records all
// role cases). For each case three files are written behind the page:
//
//   expected.page.yml      the AI snapshot as it was before Playwright 1.62: every element, nothing distilled
//   expected.test.yml      what toMatchAriaSnapshot compares
//   expected.compact.yml   the AI snapshot since Playwright 1.62: distilled
//
// --check writes nothing and exits with 1 where a recorded file differs from what the reference says now.
// BROWSER names the Chromium to use, JOBS how many pages are open at once.

import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { casesIn, putInto, readFrom } from '../archive.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const MODULES = path.join(HERE, 'node_modules');
const VIEWPORT = { width: 1280, height: 720 };
/** Late layout and frames that load after their page: the time that Playwright's own reports allow for as well. */
const SETTLE_MS = Number(process.env.SETTLE_MS ?? 300);

const SHAPES = {
  page: { build: 'undistilled', options: { mode: 'ai' } },
  test: { build: 'stock', options: {} },
  compact: { build: 'stock', options: { mode: 'ai' } },
};

const BROWSERS = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const CONTENT_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.xml': 'text/xml; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

class Failure extends Error {}

function findBrowser() {
  const wanted = process.env.BROWSER;
  if (wanted && !existsSync(wanted)) throw new Failure(`BROWSER names ${wanted}, which does not exist`);
  const found = wanted ?? BROWSERS.find(existsSync);
  if (!found) throw new Failure(`no Chromium found, looked for:\n  ${BROWSERS.join('\n  ')}\nSet BROWSER to the path of one.`);
  return found;
}

/** The text with its one occurrence of `from` replaced; the pinned version has each exactly once. */
function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Failure(`Playwright's bundle is laid out differently: "${from}" is not in it exactly once`);
  return text.replace(from, () => to);
}

/** A copy of Playwright that neither distils its AI snapshots nor marks nodes [aria-hidden] (both are as old as 1.62). */
function undistilledBuild(stock) {
  const copy = path.join(MODULES, 'playwright-core-undistilled');
  const bundle = path.join('lib', 'coreBundle.js');
  const text = readFileSync(path.join(stock, bundle), 'utf8');
  const patched = replaceOnce(
    replaceOnce(text, 'options.mode === "ai" ? aiPlugins : normalizePlugins', 'normalizePlugins'),
    'node.ariaHidden = true;', ';');
  if (!existsSync(copy)) cpSync(stock, copy, { recursive: true });
  writeFileSync(path.join(copy, bundle), patched);
  return copy;
}

async function launchBuilds() {
  const stock = path.join(MODULES, 'playwright-core');
  if (!existsSync(stock)) throw new Failure('playwright-core is not installed: run "npm install" in this folder first');
  const require = createRequire(import.meta.url);
  const launch = folder => require(folder).chromium.launch({ executablePath: findBrowser() });
  const [stockBrowser, undistilledBrowser] = await Promise.all([launch(stock), launch(undistilledBuild(stock))]);
  return { stock: stockBrowser, undistilled: undistilledBrowser };
}

/** Serves the files of cases, each as /CASE/FILE, on a free loopback port. */
async function serve(archives) {
  const server = createServer((request, response) => {
    try {
      const wanted = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
      const file = path.posix.normalize(wanted).slice(1);
      const body = readFrom(archives.get(file.split('/')[0]), file);
      if (!body) throw new Error('no such file');
      response.writeHead(200, { 'content-type': CONTENT_TYPES[path.extname(file)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('not found');
    }
  });
  await new Promise((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** One snapshot in a context of its own, so that refs and frame numbers start anew. */
async function snapshot(browser, url, options) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => true));
    await page.waitForTimeout(SETTLE_MS);
    // A lone surrogate cannot be written as UTF-8: U+FFFD, as in the file.
    return (await page.ariaSnapshot(options)).toWellFormed() + '\n';
  } finally {
    await context.close();
  }
}

function findCases(wanted) {
  const all = [...casesIn(HERE).keys()].sort();
  const prefixes = wanted.map(name => name.replace(/\/+$/, ''));
  const unknown = prefixes.filter(prefix => !all.some(name => name.startsWith(prefix)));
  if (unknown.length) throw new Failure(`no case begins with ${unknown.join(', ')}`);
  return prefixes.length ? all.filter(name => prefixes.some(prefix => name.startsWith(prefix))) : all;
}

/** Runs `work` over the items, some at a time, and keeps going when one fails. */
async function forEachOf(items, jobs, work) {
  const queue = items.values();
  const worker = async () => { for (const item of queue) await work(item); };
  await Promise.all(Array.from({ length: jobs }, worker));
}

/** Records the cases of a folder by their names, or only looks where they differ; returns the exit code. */
export async function recordCases(folder, cases, { check = false, quiet = false } = {}) {
  const tasks = cases.flatMap(name => Object.keys(SHAPES).map(shape => ({ name, shape })));
  const jobs = Math.max(1, Number(process.env.JOBS) || 6);

  const builds = await launchBuilds();
  console.error(`Chromium ${builds.stock.version()}`);
  const archives = casesIn(folder);
  const site = await serve(archives);
  const failed = [], differing = [];
  try {
    await forEachOf(tasks, jobs, async ({ name, shape }) => {
      const { build, options } = SHAPES[shape];
      const archive = archives.get(name), file = `${name}/expected.${shape}.yml`;
      try {
        const text = await snapshot(builds[build], `${site.url}/${encodeURIComponent(name)}/page.html`, options);
        if (text === readFrom(archive, file)?.toString()) return;
        differing.push(file);
        if (!check) putInto(archive, file, text);
      } catch (error) {
        failed.push(`${name} (${shape}): ${error.message}`);
      }
    });
  } finally {
    site.close();
    await Promise.all(Object.values(builds).map(browser => browser.close()));
  }

  if (!quiet) for (const file of differing.sort()) console.log(`${check ? 'differs' : 'recorded'} ${file}`);
  for (const line of failed.sort()) console.error(`failed ${line}`);
  console.error(`${cases.length} cases, ${differing.length} snapshots ${check ? 'differ' : 'written'}, ${failed.length} failed`);
  return failed.length || (check && differing.length) ? 1 : 0;
}

async function main(args) {
  const check = args.includes('--check');
  const unknown = args.find(arg => arg.startsWith('--') && arg !== '--check');
  if (unknown) throw new Failure(`unknown option ${unknown}; usage: node record.mjs [--check] [CASE...]`);
  return recordCases(HERE, findCases(args.filter(arg => !arg.startsWith('--'))), { check });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
