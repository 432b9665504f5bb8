import { describe, expect, it, vi } from 'vitest';

import { called, stage } from '../../tests/stage';
import { PAGE, pagesFor, RequestList } from './requests.svelte';

describe('the list of requests', () => {
  it('knows which pages hold the rows on screen', () => {
    expect(pagesFor(0, 20)).toEqual([0]);
    expect(pagesFor(95, 105)).toEqual([0, 1]);
    expect(pagesFor(250, 450)).toEqual([2, 3, 4]);
    expect(pagesFor(-3, 0)).toEqual([0]);
  });

  it('holds what was scrolled to, and fetches nothing twice', async () => {
    const mock = stage('?scenario=many&count=10000');
    const list = new RequestList();
    await list.refresh();
    expect(list.total).toBe(10_000);
    expect(list.row(0)).toBeDefined();
    expect(list.row(5_000)).toBeUndefined();

    await Promise.all([list.show(4_990, 5_010), list.show(4_990, 5_010)]);
    await list.show(4_995, 5_005);
    expect(list.row(5_000)).toBeDefined();
    expect(called(mock, 'list_requests')).toHaveLength(3);
  });

  it('reads after a hint only what is on screen, and shows the old rows until then', async () => {
    const mock = stage('?scenario=many&count=1000');
    const list = new RequestList();
    await list.refresh();
    await list.show(500, 520);
    mock.calls.length = 0;
    const reading = list.refresh();
    expect(list.row(500)).toBeDefined();
    await reading;
    expect(called(mock, 'list_requests').map(({ query }) => (query as { offset: number }).offset)).toEqual([5 * PAGE]);
    expect(list.row(500)).toBeDefined();
  });

  it('throws away the answer to a filter that has changed since', async () => {
    stage();
    const list = new RequestList();
    const reading = list.refresh();
    list.change({ text: 'Dana' });
    await reading;
    await vi.waitFor(() => expect(list.total).toBe(1));
    expect(list.row(0)?.recipient).toBe('Dana Fox');
    expect(list.unfiltered).toBe(12);
  });

  it('knows where the sought one stands although it is not held, in every filter', async () => {
    const mock = stage('?scenario=many&count=1000');
    const list = new RequestList();
    await list.refresh();
    const { id } = mock.stage.world.requests.at(-1) ?? { id: '' };
    expect(list.indexOf(id)).toBe(-1);
    await list.seek(id);
    const place = list.indexOf(id);
    expect(place).toBeGreaterThan(PAGE);
    await list.show(place, place);
    expect(list.row(place)?.id).toBe(id);

    const seeking = list.seek(id);
    list.change({ text: 'Dana Fox' });
    await seeking;
    await vi.waitFor(() => expect(list.hidesSought).toBe(true));
    expect(list.indexOf(id)).toBe(-1);
    list.change({ text: '' });
    await vi.waitFor(() => expect(list.indexOf(id)).toBe(place));
    await list.seek(null);
    expect(list.hidesSought).toBe(false);
  });

  it('remembers how it was filtered', () => {
    stage();
    new RequestList().change({ scope: 'unassigned', sort: 'recipient' });
    expect(new RequestList().filter).toMatchObject({ scope: 'unassigned', sort: 'recipient' });
  });

  it('keeps its rows when a read fails, and says so', async () => {
    const mock = stage();
    const list = new RequestList();
    await list.refresh();
    mock.stage.world.fails = 'unreachable';
    await list.refresh();
    expect(list.error?.code).toBe('unreachable');
    expect(list.row(0)).toBeDefined();
  });
});
