import { fireEvent } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { onlyPoints } from './pointing';

describe('a viewer that may point and no more', () => {
  const left = vi.fn();
  let heard: string[];
  let picture: HTMLCanvasElement;
  let stop: () => void;

  beforeEach(() => {
    heard = [];
    left.mockClear();
    const room = document.createElement('div');
    picture = room.appendChild(document.createElement('canvas'));
    for (const kind of ['keydown', 'keyup', 'wheel', 'touchstart', 'touchmove', 'touchend', 'mousemove']) {
      picture.addEventListener(kind, () => heard.push(kind));
    }
    stop = onlyPoints(left)(room) as () => void;
  });

  const act = async () => {
    const kept = [fireEvent.keyDown, fireEvent.keyUp, fireEvent.wheel, fireEvent.touchStart, fireEvent.touchMove, fireEvent.touchEnd];
    for (const fire of kept) expect(await fire(picture)).toBe(true);
    await fireEvent.mouseMove(picture);
  };

  it('sends where the pointer is, and neither keys nor wheel nor gestures', async () => {
    await act();
    expect(heard).toEqual(['mousemove']);
  });

  it('says so when the pointer leaves', async () => {
    await fireEvent.pointerLeave(picture.parentElement!);
    expect(left).toHaveBeenCalledOnce();
  });

  it('sends everything again once it may control', async () => {
    stop();
    await act();
    await fireEvent.pointerLeave(picture.parentElement!);
    expect(heard).toHaveLength(7);
    expect(left).not.toHaveBeenCalled();
  });
});
