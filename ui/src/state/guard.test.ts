import { beforeEach, describe, expect, it, vi } from 'vitest';

import { Guard } from './guard.svelte';

describe('the guard of a question', () => {
  beforeEach(() => vi.useFakeTimers());

  it('ignores answers for half a second after the question appeared', () => {
    const guard = new Guard();
    const answer = vi.fn();
    guard.shut();
    guard.pass(answer);
    vi.advanceTimersByTime(499);
    guard.pass(answer);
    expect(answer).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    guard.pass(answer);
    expect(answer).toHaveBeenCalledOnce();
  });

  it('begins anew when the question changes', () => {
    const guard = new Guard();
    guard.shut();
    vi.advanceTimersByTime(400);
    guard.shut();
    vi.advanceTimersByTime(400);
    expect(guard.open).toBe(false);
    vi.advanceTimersByTime(100);
    expect(guard.open).toBe(true);
  });

  it('stays shut when nothing was asked, and once it is over', () => {
    const guard = new Guard();
    expect(guard.open).toBe(false);
    guard.shut();
    guard.stop();
    vi.advanceTimersByTime(1_000);
    expect(guard.open).toBe(false);
  });
});
