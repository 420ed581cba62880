// Holds the cases of `match: contain` against Playwright Test: each case with a `page.html` is opened, its template goes
// through `toMatchAriaSnapshot`, and the verdict must be that of `changes` (none: it matches). The page's own snapshot
// must be that of `after.aria.yml`, false states aside, which the reference does not write.
//
//   npm install && npx playwright test        (BROWSER=<path of a Chromium>)
import { expect, test } from '@playwright/test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { casesIn, readArchive } from '../../archive.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The cases that have a page. */
function* cases() {
  for (const [name, archive] of casesIn(root)) {
    const { files } = readArchive(archive);
    if (files.has(`${name}/page.html`)) yield { name, read: file => files.get(`${name}/${file}`) ?? '' };
  }
}

for (const { name, read } of cases()) {
  test(name, async ({ page }) => {
    await page.setContent(read('page.html'));
    const body = page.locator('body');
    const verdict = expect(body).toMatchAriaSnapshot(read('before.aria.yml'), { timeout: 1 });
    const matches = await verdict.then(() => true, error => {
      // A template that cannot be read is no verdict.
      if (!String(error.message).includes('toMatchAriaSnapshot')) throw error;
      return false;
    });
    expect(matches).toBe(read('changes') === '');
    const recorded = read('after.aria.yml').replace(/ \[\w+=false\]/g, '');
    expect((await body.ariaSnapshot()).trim()).toBe(recorded.trim());
  });
}
