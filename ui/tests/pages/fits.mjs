// No word is cut off, no button sticks out of its box and no view scrolls sideways: in German, whose words are long,
// at the usual and at the smallest size of the window.
import { conclude, each, stage } from './stage.mjs';
import { SMALLEST, states, WINDOW } from './states.mjs';

/** What has to be readable whole. What belongs to others (names, addresses) may end in an ellipsis. */
const WHOLE = 'button, label, legend, dt, h1, h2, h3, th, [role=tab], [role=columnheader], [role=menuitem], [role=menuitemradio], kbd';

function misfits(selector) {
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== 'hidden' && !element.closest('.visually-hidden');
  };
  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent.trim().slice(0, 60)}`;
  const found = [];
  for (const element of document.querySelectorAll(selector)) {
    if (!visible(element) || element.closest('[data-others]')) continue;
    const cut = [element, ...element.querySelectorAll('span')].find((part) => {
      if (!visible(part) || part.closest('[data-others]')) return false;
      return part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0 && getComputedStyle(part).display !== 'inline';
    });
    if (cut) found.push(`cut off: ${named(cut)}`);
    const box = element.getBoundingClientRect();
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`outside of the window: ${named(element)}`);
  }
  for (const element of document.querySelectorAll('main, section, form, [role=dialog] *')) {
    const style = getComputedStyle(element);
    const scrolls = style.overflowX === 'auto' || style.overflowX === 'scroll';
    if (scrolls && element.scrollWidth > element.clientWidth + 1) found.push(`scrolls sideways: ${named(element)}`);
  }
  return found;
}

// Longer words than German ones are another matter.
const german = states.filter(({ query }) => !query.includes('words='));
const looks = german.flatMap((state) => (state.size === WINDOW ? [WINDOW, SMALLEST] : [state.size]).map((size) => ({ ...state, size })));
let found = 0;

await stage((open) =>
  each(looks, async ({ query, size, name, act }) => {
    const page = await open(`${query}&lang=de`, size, { locale: 'de-DE' });
    await act?.(page);
    await page.waitForTimeout(100);
    const problems = await page.evaluate(misfits, WHOLE);
    found += problems.length;
    for (const problem of problems) console.log(`${name} ${size.join('×')}: ${problem}`);
    await page.context().close();
  }),
);
conclude('states measured', looks.length, found);
