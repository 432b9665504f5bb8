// The mock bundle in a headless Chromium. CHROMIUM names the browser where it is elsewhere.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '../../dist/mock');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

async function serve() {
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
  return server;
}

/** Runs `play` with a function that opens a page of the mock in a fresh context, and closes everything after it. */
export async function stage(play) {
  const server = await serve();
  const base = `http://127.0.0.1:${server.address().port}/index.html`;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const open = async (query, [width, height], options = {}) => {
    const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width, height }, ...options });
    const page = await context.newPage();
    await page.goto(`${base}?${query}`);
    // The state of the client is in the page.
    await page.waitForSelector('html[data-theme]', { state: 'attached' });
    await page.waitForTimeout(200);
    return page;
  };
  try {
    await play(open);
  } finally {
    await browser.close();
    server.close();
  }
}

const AT_ONCE = 4;

/** Does `look` for each of them, a few at once: most of the time a page waits. */
export async function each(of, look) {
  const left = [...of];
  const looking = Array.from({ length: AT_ONCE }, async () => {
    for (let next = left.shift(); next; next = left.shift()) await look(next);
  });
  await Promise.all(looking);
}

/** Ends the program as a failure if anything was found. */
export function conclude(what, looked, found) {
  console.log(`${looked} ${what}, ${found} problems`);
  if (found > 0) process.exitCode = 1;
}
