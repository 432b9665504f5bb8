// Takes a picture of every view and state, for people to look at: `npm run looks [-- NAME…]`. They go to
// .beckon-dev/looks in the checkout, which git does not know.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { each, stage } from './stage.mjs';
import { SMALLEST, states, WINDOW } from './states.mjs';

const folder = join(import.meta.dirname, '../../../.beckon-dev/looks');
const SETS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  german: { colorScheme: 'light', lang: 'de', locale: 'de-DE' },
  contrast: { colorScheme: 'light', contrast: 'more' },
  'dark-contrast': { colorScheme: 'dark', contrast: 'more' },
  forced: { forcedColors: 'active' },
};

// LOOKS=light,german takes those sets only.
const sets = Object.entries(SETS).filter(([set]) => process.env.LOOKS?.split(',').includes(set) ?? true);
const names = process.argv.slice(2);
const wanted = states.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
const looks = sets.flatMap(([set, options]) =>
  wanted.flatMap((state) => (state.size === WINDOW ? [WINDOW, SMALLEST] : [state.size]).map((size) => ({ ...state, set, size, options }))),
);

await mkdir(folder, { recursive: true });
await stage((open) =>
  each(looks, async ({ query, size, name, act, set, options: { lang, ...options } }) => {
    const page = await open(lang ? `${query}&lang=${lang}` : query, size, options);
    await act?.(page);
    await page.waitForTimeout(200);
    await page.screenshot({ path: join(folder, `${set} ${name} ${size.join('x')}.png`.replaceAll(/[ &=]/g, '-')) });
    await page.context().close();
  }),
);
console.log(`the pictures are in ${folder}`);
