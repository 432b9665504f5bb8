import { fireEvent, render } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import TipHost from './TipHost.svelte';

const tip = () => document.querySelector('.tip');

describe('a tip', () => {
  beforeEach(async () => {
    vi.useFakeTimers();
    document.body.innerHTML = '<button data-tip="What it does">Do</button>';
    render(TipHost);
    await fireEvent.pointerOver(document.querySelector('button') as Element);
    await vi.advanceTimersByTimeAsync(500);
    expect(tip()).toHaveClass('shown');
  });

  it('stays while the pointer is on what it explains', async () => {
    await fireEvent.pointerOut(document.body, { relatedTarget: document.querySelector('button') });
    expect(tip()).toHaveClass('shown');
  });

  it('goes when the pointer leaves the window', async () => {
    await fireEvent.pointerOut(document.querySelector('button') as Element, { relatedTarget: null });
    expect(tip()).not.toHaveClass('shown');
  });

  it('goes when the window loses the focus', async () => {
    await fireEvent.blur(window);
    expect(tip()).not.toHaveClass('shown');
  });
});
