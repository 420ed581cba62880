import { existsSync } from 'node:fs';

const browser = [process.env.BROWSER, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome']
  .find(file => file && existsSync(file));
if (!browser) throw new Error('no Chromium found: set BROWSER to its path');

export default {
  testMatch: 'verdicts.spec.mjs',
  reporter: 'line',
  fullyParallel: true,
  workers: 2,
  use: { launchOptions: { executablePath: browser, args: ['--no-sandbox', '--disable-gpu'] } },
};
