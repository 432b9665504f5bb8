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

  it('begins anew when its window gets the focus, but not by the click that gives it', () => {
    const guard = new Guard();
    const leave = guard.watchFocus();
    guard.shut();
    window.dispatchEvent(new Event('pointermove'));
    vi.advanceTimersByTime(501);

    window.dispatchEvent(new Event('focus'));
    window.dispatchEvent(new Event('focus'));
    vi.advanceTimersByTime(3);
    window.dispatchEvent(new Event('pointerdown'));
    expect(guard.open).toBe(true);

    vi.advanceTimersByTime(200);
    window.dispatchEvent(new Event('pointerdown'));
    vi.advanceTimersByTime(3);
    window.dispatchEvent(new Event('focus'));
    expect(guard.open, 'web views differ in which comes first').toBe(true);

    vi.advanceTimersByTime(200);
    window.dispatchEvent(new Event('focus'));
    vi.advanceTimersByTime(150);
    window.dispatchEvent(new Event('pointerdown'));
    expect(guard.open).toBe(false);
    vi.advanceTimersByTime(350);
    expect(guard.open).toBe(true);
    leave();
  });

  it('begins anew for the second click of two, of which the first closed what lay above', () => {
    const guard = new Guard();
    const leave = guard.watchFocus();
    guard.shut();
    vi.advanceTimersByTime(500);
    window.dispatchEvent(new Event('focus'));
    vi.advanceTimersByTime(40);
    window.dispatchEvent(new Event('pointermove'));
    vi.advanceTimersByTime(20);
    window.dispatchEvent(new Event('pointerdown'));
    expect(guard.open, 'the focus came first').toBe(false);

    vi.advanceTimersByTime(600);
    document.documentElement.dispatchEvent(new Event('pointerleave'));
    vi.advanceTimersByTime(500);
    window.dispatchEvent(new Event('pointermove'));
    vi.advanceTimersByTime(300);
    window.dispatchEvent(new Event('pointerdown'));
    window.dispatchEvent(new Event('focus'));
    expect(guard.open, 'the press came first').toBe(false);
    leave();
  });

  it('is not opened early by a click that gives its window the focus', () => {
    const guard = new Guard();
    const leave = guard.watchFocus();
    window.dispatchEvent(new Event('pointermove'));
    vi.advanceTimersByTime(501);
    guard.shut();
    window.dispatchEvent(new Event('focus'));
    window.dispatchEvent(new Event('pointerdown'));
    expect(guard.open).toBe(false);

    vi.advanceTimersByTime(500);
    window.dispatchEvent(new Event('focus'));
    guard.shut();
    window.dispatchEvent(new Event('pointerdown'));
    expect(guard.open, 'the question changed in between').toBe(false);
    leave();
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
