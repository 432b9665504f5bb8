import { describe, expect, it } from 'vitest';

import { Action } from './action.svelte';
import { Reader } from './reader.svelte';

describe('a reader', () => {
  it('reads once more when a hint comes while it reads, and not once per hint', async () => {
    let reads = 0;
    const reader = new Reader(async () => (reads += 1));
    const first = reader.read();
    void reader.read();
    void reader.read();
    await first;
    expect(reader.value).toBe(2);
  });

  it('keeps the last value when a read fails', async () => {
    let fail = false;
    const reader = new Reader(async () => {
      if (fail) throw { code: 'unreachable', params: {}, trace: '' };
      return 'rows';
    });
    await reader.read();
    fail = true;
    await reader.read();
    expect(reader.value).toBe('rows');
    expect(reader.error?.code).toBe('unreachable');
  });
});

describe('an action', () => {
  it('happens once, however often its button is pressed', async () => {
    let times = 0;
    const action = new Action(async () => (times += 1));
    const done = await Promise.all([action.run(), action.run(), action.run()]);
    expect(done).toEqual([true, false, false]);
    expect(times).toBe(1);
  });

  it('tells a failure that is not an ApiError as a fault of ours', async () => {
    const action = new Action(() => Promise.reject(new Error('boom')));
    expect(await action.run()).toBe(false);
    expect(action.error?.code).toBe('internal');
  });
});
