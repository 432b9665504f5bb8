// Looks at every view and state of the mock bundle with axe, in light, dark and high contrast.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { conclude, each, stage } from './stage.mjs';
import { states } from './states.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The field above such a list moves in it, and scrolls it, without giving its focus away.
const LED_BY_A_FIELD = /data-combobox-viewport|data-command-list/;
const excused = ({ id }, node) => id === 'scrollable-region-focusable' && LED_BY_A_FIELD.test(node.html);

const sets = [['light'], ['dark'], ['light', 'more'], ['dark', 'more']];
const looks = sets.flatMap(([colorScheme, contrast]) => states.map((state) => ({ ...state, colorScheme, contrast })));
let found = 0;

await stage((open) =>
  each(looks, async ({ query, size, name, act, colorScheme, contrast }) => {
    const page = await open(query, size, { colorScheme, contrast });
    await act?.(page);
    await page.waitForTimeout(200);
    await page.evaluate(axe);
    // A menu floats outside the landmarks by design.
    const { violations } = await page.evaluate(() => globalThis.axe.run({ rules: { region: { enabled: false } } }));
    for (const violation of violations) {
      const nodes = violation.nodes.filter((node) => !excused(violation, node));
      if (nodes.length === 0) continue;
      found += 1;
      console.log(`${name} (${colorScheme} ${contrast ?? ''}): ${violation.id}: ${violation.help}`);
      for (const node of nodes.slice(0, 3)) console.log(`    ${node.html.slice(0, 160)}\n    ${node.any[0]?.message ?? ''}`);
    }
    await page.context().close();
  }),
);
conclude('states looked at', looks.length, found);
