// Ten thousand requests: only what is on screen is in the page, and what is read is read in pages.
import { conclude, stage } from './stage.mjs';
import { WINDOW } from './states.mjs';

const COUNT = 10_000;
const PAGE = 100;
const ROW = 36;
/** What a window of this height can show, with the rows that are drawn ahead on both sides and the one with the keyboard. */
const MOST_ROWS = Math.ceil(WINDOW[1] / ROW) + 2 * 8 + 2;

let found = 0;
const expect = (holds, told) => {
  if (holds) return;
  found += 1;
  console.log(told);
};

const rows = (page) => page.locator('[data-part=rows] [role=row]');
const first = async (page) => Number(await rows(page).first().getAttribute('data-index'));

await stage(async (open) => {
  const page = await open(`scenario=many&count=${COUNT}`, WINDOW);
  await rows(page).first().waitFor();
  const calls = () => page.evaluate(() => globalThis.mock.calls.filter((call) => call.command === 'list_requests').map((call) => call.args.query));
  const total = await page.locator('[role=grid]').getAttribute('aria-rowcount');
  expect(Number(total) === COUNT + 1, `the list says that it has ${total} rows`);

  let most = 0;
  for (let step = 0; step <= 60; step += 1) {
    await page.locator('[data-part=rows]').evaluate((list, part) => list.scrollTo({ top: list.scrollHeight * part }), step / 60);
    await page.waitForTimeout(60);
    most = Math.max(most, await rows(page).count());
  }
  expect(most <= MOST_ROWS, `${most} rows were in the page at once, more than ${MOST_ROWS}`);

  await page.waitForFunction(() => !document.querySelector('[data-part=rows] .to-come'));
  const asked = await calls();
  expect(asked.every((query) => query.limit === PAGE), 'a page had another size than that of all');
  expect(new Set(asked.map((query) => query.offset)).size === asked.length, 'a page was read twice without a hint');
  expect(asked.length <= COUNT / PAGE, `${asked.length} pages were read of ${COUNT / PAGE}`);
  expect((await rows(page).last().getAttribute('data-index')) === String(COUNT - 1), 'the last row was not reached');

  await rows(page).last().click();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-index') === '0');
  expect((await first(page)) === 0, 'Home did not lead to the first row');
  await page.keyboard.press('Escape');

  const before = (await calls()).length;
  await page.getByRole('searchbox').pressSequentially('Dana Fox', { delay: 20 });
  await page.waitForFunction(() => Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')) < 2_000);
  const typed = (await calls()).slice(before).filter((query) => query.text !== '');
  expect(typed.length <= 'Dana Fox'.length, `${typed.length} questions were asked for eight keys`);
});
conclude('list of ten thousand scrolled through', 1, found);
