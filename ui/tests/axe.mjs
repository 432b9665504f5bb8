// Looks at every view and state of the mock bundle with axe in a headless Chromium, in light, dark and high
// contrast. `npm run axe` builds the bundle first. CHROMIUM names the browser where it is elsewhere.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../dist/mock');
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const SESSION = '0190b7a0-1111-7000-8000-0000000003df';
const MAIN = ['agent', 'empty', 'offline', 'key-changed', 'error', 'loading', 'viewer', 'signed-out', 'first-start'];
const ACCEPT = ['', '-any', '-asked', '-available', '-declined', '-ready', '-offline', '-closed', '-connected', '-lost'];
const VIEWER = ['asking', 'running', 'relayed', 'key-met-changed', 'lost', 'ended-by_host', 'session-none'];

const states = [
  ...MAIN.map((scenario) => ({ query: `scenario=${scenario}`, size: [960, 640] })),
  ...ACCEPT.map((end) => ({ query: `view=accept&scenario=joined${end}`, size: [380, 640] })),
  ...VIEWER.map((scenario) => ({ query: `view=session&id=${SESSION}&scenario=${scenario}`, size: [960, 640] })),
  { query: 'scenario=agent', size: [960, 640], name: 'details', act: (page) => page.click('[data-index="0"]') },
  { query: 'scenario=agent', size: [960, 640], name: 'menu', act: (page) => page.click('[data-index="0"] [data-menu]') },
  { query: 'scenario=agent', size: [960, 640], name: 'new', act: (page) => page.click('[data-part=new-request]') },
  { query: 'scenario=no-mail', size: [960, 640], name: 'new', act: (page) => page.click('[data-part=new-request]') },
  { query: 'scenario=agent', size: [960, 640], name: 'mail failed', act: (page) => page.getByText('João Prado').click() },
  { query: 'scenario=agent', size: [960, 640], name: 'keys', act: (page) => page.keyboard.press('?') },
  ...['agent', 'links-ours', 'person-chooses', 'portable', 'signed-out', 'system-refuses', 'agent&words=long'].map((scenario) => ({
    query: `scenario=${scenario}`,
    size: [960, 640],
    name: 'settings',
    act: async (page) => {
      await page.click('[data-part=settings]');
      await page.getByRole('button', { name: 'Use Beckon' }).click({ timeout: 500 }).catch(() => undefined);
    },
  })),
  { query: 'scenario=signed-out', size: [960, 640], name: 'sign in', act: (page) => page.click('[data-part=sign-in]') },
];

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  try {
    const file = await readFile(join(root, path));
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
    response.end(file);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((up) => server.listen(0, '127.0.0.1', up));
const base = `http://127.0.0.1:${server.address().port}/index.html`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

let found = 0;
let looked = 0;
for (const [colorScheme, contrast] of [['light'], ['dark'], ['light', 'more'], ['dark', 'more']]) {
  for (const { query, size, name, act } of states) {
    const context = await browser.newContext({
      colorScheme,
      contrast,
      reducedMotion: 'reduce',
      viewport: { width: size[0], height: size[1] },
    });
    const page = await context.newPage();
    await page.goto(`${base}?${query}`);
    await page.waitForTimeout(300);
    await act?.(page);
    await page.waitForTimeout(200);
    await page.evaluate(axe);
    // A menu floats outside the landmarks by design.
    const { violations } = await page.evaluate(() => globalThis.axe.run({ rules: { region: { enabled: false } } }));
    looked += 1;
    for (const violation of violations) {
      found += 1;
      console.log(`${query} ${name ?? ''} (${colorScheme} ${contrast ?? ''}): ${violation.id}: ${violation.help}`);
      for (const node of violation.nodes.slice(0, 3)) console.log(`    ${node.html.slice(0, 160)}\n    ${node.any[0]?.message ?? ''}`);
    }
    await context.close();
  }
}
await browser.close();
server.close();
console.log(`${looked} states looked at, ${found} violations`);
process.exitCode = found > 0 ? 1 : 0;
