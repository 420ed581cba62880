// ariasnap beside Playwright Test: same pages, same browser, same machine, same run. Prints a table in Markdown.
//
//   cargo build --release && cd benches/playwright && npm install
//   node run.mjs --pages FOLDER [--count 100] [--repeat 5] [--workers 2] [--only extraction,runs,start,many,files]
//
// FOLDER: HTML pages, such as /usr/share/doc/python3/html of Debian's python3-doc. BROWSER names the Chromium to use, else
// `ariasnap browser path` does. Times are medians, sides take turns; what counts is the ratio, machines differ.

import { chromium } from '@playwright/test';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const tool = process.env.ARIASNAP ?? path.join(here, '../../target/release/ariasnap');
const { values: options } = parseArgs({
  options: {
    pages: { type: 'string' }, count: { type: 'string', default: '100' }, repeat: { type: 'string', default: '5' },
    only: { type: 'string', default: 'extraction,runs,start,many,files' }, workers: { type: 'string', default: '2' },
  },
});
const browser = process.env.BROWSER ?? execFileSync(tool, ['browser', 'path'], { encoding: 'utf8' }).trim();
const launch = { executablePath: browser, args: ['--no-sandbox'] };
const repeat = Number(options.repeat), count = Number(options.count), workers = Number(options.workers);

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const timed = async work => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const ms = value => value.toFixed(value < 10 ? 1 : 0);
const times = (slow, fast) => `${(slow / fast).toFixed(1)}×`;

/** Serves a folder; `edit` changes what pages say. */
async function serve(folder, edit) {
  const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.png': 'image/png' };
  const server = http.createServer((request, response) => {
    try {
      const file = path.join(folder, decodeURIComponent(new URL(request.url, 'http://x').pathname));
      let body = readFileSync(file);
      if (edit && file.endsWith('.html')) body = edit(body.toString());
      response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
      response.end(body);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function pagesOf(folder) {
  const found = [];
  const walk = at => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
      const file = path.join(at, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (entry.name.endsWith('.html')) found.push({ file: path.relative(folder, file), size: statSync(file).size });
    }
  };
  walk(folder);
  return found;
}

/** Pages of all sizes, the largest among them. */
function ofAllSizes(pages) {
  const sorted = [...pages].sort((a, b) => a.size - b.size);
  return [0.3, 0.7, 0.9, 0.97, 1].map(part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]);
}

async function extraction(folder) {
  console.log('\n### From a loaded page to its text, ms\n');
  row('elements', 'shape', 'ariasnap', 'of it rules and text', "Playwright's ariaSnapshot", 'faster');
  row('---:', '---', '---:', '---:', '---:', '---:');
  const site = await serve(folder);
  const rival = await chromium.launch(launch);
  for (const { file } of ofAllSizes(pagesOf(folder))) {
    const url = `${site.base}/${file}`;
    for (const shape of ['page', 'test', 'compact']) {
      const own = [], theirs = [], share = [];
      let elements = 0;
      for (let turn = 0; turn < repeat; turn++) {
        theirs.push(await ariaSnapshots(rival, url, shape));
        const [timing] = JSON.parse(await run([tool, 'bench', url, '--repeat', `${looks}`, '--json', '--shape', shape]));
        const { capture, rules, text } = timing.phases;
        own.push(capture + rules + text);
        share.push((rules + text) / (capture + rules + text));
        elements = timing.elements;
      }
      row(elements, shape, ms(median(own)), `${Math.round(median(share) * 100)} %`, ms(median(theirs)), times(median(theirs), median(own)));
    }
  }
  await rival.close();
  site.close();
}

/** How many snapshots both take of a page that they loaded, of which the median counts. */
const looks = 7;

async function ariaSnapshots(rival, url, shape) {
  const page = await rival.newPage();
  await page.goto(url);
  const body = page.locator('body');
  const taken = [];
  for (let look = 0; look < looks; look++)
    taken.push(await timed(() => body.ariaSnapshot(shape === 'test' ? {} : { mode: 'ai' })));
  await page.close();
  return median(taken);
}

/** What Linux counts processor time and memory in, by a second and in kB. */
const unit = name => Number(spawnSync('getconf', [name], { encoding: 'utf8' }).stdout);
const ticks = unit('CLK_TCK') || 100, pageSize = (unit('PAGESIZE') || 4096) / 1024;

/** What Linux says of a process, and of all that it started; nothing elsewhere. Memory in kB, times in clock ticks. */
function processes(root) {
  const all = new Map();
  if (process.platform !== 'linux') return [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      all.set(Number(name), { parent: Number(fields[1]), key: `${name} ${fields[19]}`, time: Number(fields[11]) + Number(fields[12]), memory: Number(fields[21]) * pageSize });
    } catch {
      // Gone meanwhile.
    }
  }
  const isOwn = (id, depth = 0) => id === root || depth < 20 && all.has(id) && isOwn(all.get(id).parent, depth + 1);
  return [...all].filter(([id]) => isOwn(id));
}

/** The most memory that a process has had, kB; 0 where it is gone. */
function highest(id) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]);
  } catch {
    return 0;
  }
}

/**
 * A command, while this process goes on serving: its output, its time, the processor time of all its processes, and the
 * peak memory of itself and of all of them together, where what they share counts for each. Looked at 40 times a second: of
 * processes that nobody waits for, the last moments are missed.
 */
async function measured(command, folder, allowed = [0]) {
  const started = performance.now();
  const child = spawn('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', ...command], {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ARIASNAP_BROWSER: browser, CI: '' },
  });
  let out = '', err = '', peak = 0, peakOfAll = 0;
  const used = new Map();
  child.stdout.on('data', data => out += data);
  child.stderr.on('data', data => err += data);
  const sample = setInterval(() => {
    const own = processes(child.pid);
    for (const [id, { parent }] of own) if (parent === child.pid) peak = Math.max(peak, highest(id));
    peakOfAll = Math.max(peakOfAll, own.reduce((sum, [, { memory }]) => sum + memory, 0));
    for (const [, { key, time }] of own) used.set(key, time);
  }, 25);
  const code = await new Promise(done => child.on('close', done));
  clearInterval(sample);
  if (!allowed.includes(code)) throw new Error(`${command.join(' ')}: exit ${code}\n${out}\n${err}`);
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(err);
  const seen = [...used.values()].reduce((sum, time) => sum + time, 0) / ticks;
  const cpu = Math.max(seen, Number(user) + Number(system));
  return { out, ms: performance.now() - started, cpu, peak: peak / 1024, peakOfAll: peakOfAll / 1024 };
}

const run = async (...given) => (await measured(...given)).out;

function project(list, base) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ariasnap-bench-'));
  mkdirSync(path.join(folder, 'specs'));
  writeFileSync(path.join(folder, 'ariasnap.yml'), `site:\n  url: ${base}\njobs: ${workers}\ndefaults:\n  shape: test\n`);
  const specs = list.map(({ file }, at) => `name: p${at}\nurl: /${file}\n`);
  writeFileSync(path.join(folder, 'specs/all.yml'), specs.join('---\n'));
  const tests = list.map(({ file }, at) => `test('p${at}', async ({ page }) => { await page.goto(base + '/${file}'); await expect(page.locator('body')).toMatchAriaSnapshot({ name: 'p${at}.aria.yml' }); });`);
  writeFileSync(path.join(folder, 'all.spec.mjs'), `import { test, expect } from '@playwright/test';\nconst base = process.env.BASE;\n${tests.join('\n')}\n`);
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'playwright.config.mjs'), `export default { testDir: '.', fullyParallel: true, workers: ${workers}, reporter: 'line', use: { launchOptions: ${JSON.stringify(launch)} } };\n`);
  cpSync(path.join(here, 'node_modules'), path.join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  return folder;
}

async function bare(list, base) {
  const rival = await chromium.launch(launch);
  const queue = [...list];
  await Promise.all(Array.from({ length: workers }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const context = await rival.newContext();
      const page = await context.newPage();
      await page.goto(`${base}/${next.file}`);
      await context.close();
    }
  }));
  await rival.close();
}

async function runs(folder) {
  const all = pagesOf(folder).filter(page => page.size < 400_000);
  const step = Math.max(1, Math.floor(all.length / count));
  const list = all.filter((_, at) => at % step === 0).slice(0, count);
  console.log(`\n### Whole runs of ${list.length} pages, ${workers} at a time, s\n`);
  row('run', 'ariasnap', 'Playwright Test', 'faster', 'bare browser', 'ariasnap to bare', 'CPU of ariasnap', 'of Playwright', 'peak, MB, of ariasnap', 'with its browser', 'of Playwright with its own');
  row('---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:');
  const same = await serve(folder);
  const other = await serve(folder, html => html.replace(/<h1/, '<h1 aria-label="Another name"').replace(/<body[^>]*>/, '$&<p>An addition</p>'));
  const place = project(list, same.base);
  const playwright = ['npx', 'playwright', 'test'];
  process.env.BASE = same.base;
  await run([tool, 'test', '--update'], place);
  await run([...playwright, '--update-snapshots'], place);
  const measure = async (name, base, code, turns) => {
    const own = [], theirs = [], browsers = [];
    const config = path.join(place, 'ariasnap.yml');
    writeFileSync(config, readFileSync(config, 'utf8').replace(/url: .*/, `url: ${base}`));
    process.env.BASE = base;
    for (let turn = 0; turn < turns; turn++) {
      own.push(await measured([tool, 'test'], place, [code]));
      browsers.push(await timed(() => bare(list, base)));
      theirs.push(await measured(playwright, place, [code]));
    }
    const of = (list, key) => median(list.map(one => one[key]));
    const [a, b, c] = [of(own, 'ms'), of(theirs, 'ms'), median(browsers)];
    row(name, (a / 1e3).toFixed(1), (b / 1e3).toFixed(1), times(b, a), (c / 1e3).toFixed(1), (a / c).toFixed(2),
      of(own, 'cpu').toFixed(1), of(theirs, 'cpu').toFixed(1), of(own, 'peak').toFixed(0), of(own, 'peakOfAll').toFixed(0), of(theirs, 'peakOfAll').toFixed(0));
  };
  await measure('all match', same.base, 0, Math.min(repeat, 3));
  await measure('all differ', other.base, 1, 1);
  same.close();
  other.close();
  rmSync(place, { recursive: true });
}

async function start(folder) {
  console.log('\n### One small page, cold, s\n');
  row('ariasnap', 'npx playwright test', 'faster');
  row('---:', '---:', '---:');
  const smallest = pagesOf(folder).sort((a, b) => a.size - b.size)[0];
  const site = await serve(folder);
  const place = project([smallest], site.base);
  process.env.BASE = site.base;
  await run([tool, 'test', '--update'], place);
  await run(['npx', 'playwright', 'test', '--update-snapshots'], place);
  const own = [], theirs = [];
  for (let turn = 0; turn < repeat; turn++) {
    own.push(await timed(() => run([tool, 'test'], place)));
    theirs.push(await timed(() => run(['npx', 'playwright', 'test'], place)));
  }
  row((median(own) / 1e3).toFixed(2), (median(theirs) / 1e3).toFixed(2), times(median(theirs), median(own)));
  site.close();
  rmSync(place, { recursive: true });
}

/** The tool's own memory over more and more pages, which Playwright Test is not asked for. */
async function many(folder) {
  console.log(`\n### Many pages that match, ${workers} at a time\n`);
  row('pages', 'ariasnap, s', 'CPU, s', 'peak of the tool, MB');
  row('---:', '---:', '---:', '---:');
  const all = pagesOf(folder).filter(page => page.size < 400_000);
  const site = await serve(folder);
  for (const number of [100, 1000]) {
    // Fewer pages than that are opened more than once.
    const place = project(Array.from({ length: number }, (_, at) => all[at % all.length]), site.base);
    await run([tool, 'test', '--update'], place);
    const { ms, cpu, peak } = await measured([tool, 'test'], place);
    row(number, (ms / 1e3).toFixed(1), cpu.toFixed(1), peak.toFixed(0));
    rmSync(place, { recursive: true });
  }
  site.close();
}

/** What needs no browser: 1,000 baselines of some 300 lines, all of them pending. */
async function files() {
  console.log('\n### Without a browser, 1,000 baselines of 300 lines\n');
  row('command', 's', 'CPU, s', 'peak, MB');
  row('---', '---:', '---:', '---:');
  const place = mkdtempSync(path.join(tmpdir(), 'ariasnap-bench-'));
  const text = (number, last) => '- main:\n' + Array.from({ length: 150 }, (_, at) =>
    `  - link "Entry ${at} of page ${number}":\n    - /url: /entries/${at}\n`).join('') + `  - text: ${last}\n`;
  mkdirSync(path.join(place, 'specs'));
  mkdirSync(path.join(place, 'site'));
  writeFileSync(path.join(place, 'ariasnap.yml'), 'site: {dir: site}\n');
  const numbers = Array.from({ length: 1000 }, (_, number) => number);
  writeFileSync(path.join(place, 'specs/all.yml'), `pages:\n${numbers.map(number => `  - /${number}.html`).join('\n')}\n`);
  for (const number of numbers) {
    mkdirSync(path.join(place, `snapshots/all/${number}`), { recursive: true });
    writeFileSync(path.join(place, `snapshots/all/${number}/page.aria.yml`), text(number, 'old'));
    const against = createHash('sha256').update(text(number, 'old')).digest('hex');
    writeFileSync(path.join(place, `snapshots/all/${number}/page.aria.yml.new`),
      `# ariasnap: pending, compared with sha256:${against}\n${text(number, 'new')}`);
  }
  const large = (step) => '- main:\n' + Array.from({ length: 40_000 }, (_, at) => `  - listitem: Entry ${at % 400 === 0 ? at + step : at}\n`).join('');
  writeFileSync(path.join(place, 'old.aria.yml'), large(0));
  writeFileSync(path.join(place, 'new.aria.yml'), large(1));
  for (const [command, allowed] of [[['check'], [0]], [['status'], [0, 1]], [['diff', 'old.aria.yml', 'new.aria.yml'], [1]], [['accept', '--all'], [0]]]) {
    const turns = [];
    for (let turn = 0; turn < (command[0] === 'accept' ? 1 : repeat); turn++) turns.push(await measured([tool, ...command], place, allowed));
    const of = key => median(turns.map(one => one[key]));
    const name = command[0] === 'diff' ? 'diff of two files of 40,000 lines, 100 changed' : command.join(' ');
    row(`\`${name}\``, (of('ms') / 1e3).toFixed(2), of('cpu').toFixed(2), of('peak').toFixed(0));
  }
  rmSync(place, { recursive: true });
}

if (!options.pages) throw new Error('--pages FOLDER is missing');
console.log(`Browser: ${spawnSync(browser, ['--version'], { encoding: 'utf8' }).stdout.trim()}; Playwright Test 1.65.1; medians of ${repeat}.`);
const only = options.only.split(',');
if (only.includes('extraction')) await extraction(options.pages);
if (only.includes('runs')) await runs(options.pages);
if (only.includes('start')) await start(options.pages);
if (only.includes('many')) await many(options.pages);
if (only.includes('files')) await files();
