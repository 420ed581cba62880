// Holds the cases of `match: contain` against Playwright Test: each case with a `page.html` is opened, its template goes
// through `toMatchAriaSnapshot`, and the verdict must be that of `expected.json` (`[]`: it matches). The page's own snapshot
// must be that of `after.aria.yml`, false states aside, which the reference does not write.
//
//   npm install && npx playwright test        (BROWSER=<path of a Chromium>)
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const read = (name, file) => readFileSync(path.join(root, name, file), 'utf8');

for (const name of readdirSync(root).filter(name => existsSync(path.join(root, name, 'page.html'))).sort()) {
  test(name, async ({ page }) => {
    await page.setContent(read(name, 'page.html'));
    const body = page.locator('body');
    const verdict = expect(body).toMatchAriaSnapshot(read(name, 'before.aria.yml'), { timeout: 1 });
    const matches = await verdict.then(() => true, error => {
      // A template that cannot be read is no verdict.
      if (!String(error.message).includes('toMatchAriaSnapshot')) throw error;
      return false;
    });
    expect(matches).toBe(read(name, 'expected.json').trim() === '[]');
    const recorded = read(name, 'after.aria.yml').replace(/ \[\w+=false\]/g, '');
    expect((await body.ariaSnapshot()).trim()).toBe(recorded.trim());
  });
}
