import { afterEach, describe, expect, it, vi } from 'vitest';

import { original } from './original';

const size = ({ style }: HTMLElement) => `${style.width} ${style.height}`;
const pictureOf = (width: number, height: number) => Object.assign(document.createElement('canvas'), { width, height });

/** A room whose picture is not scaled to it. */
function room(ratio: number, picture?: HTMLCanvasElement) {
  vi.stubGlobal('devicePixelRatio', ratio);
  const element = document.createElement('div');
  if (picture) element.append(picture);
  return { element, leave: original(element) ?? (() => {}) };
}

afterEach(() => vi.unstubAllGlobals());

describe('the original size', () => {
  it('has a pixel of this screen for each of the other', () => {
    const { element } = room(2, pictureOf(1920, 1080));
    expect(size(element)).toBe('960px 540px');
  });

  it('follows a picture that comes later, and one that changes its size', async () => {
    const { element } = room(1);
    const picture = pictureOf(1280, 1024);
    element.append(picture);
    await vi.waitFor(() => expect(size(element)).toBe('1280px 1024px'));
    picture.width = 800;
    await vi.waitFor(() => expect(size(element)).toBe('800px 1024px'));
  });

  it('follows the window to a monitor with other pixels', () => {
    const { element } = room(1, pictureOf(1920, 1080));
    vi.stubGlobal('devicePixelRatio', 1.5);
    dispatchEvent(new Event('resize'));
    expect(size(element)).toBe('1280px 720px');
  });

  it('is given up when the picture is to fit again', () => {
    const { element, leave } = room(2, pictureOf(1920, 1080));
    leave();
    expect(size(element)).toBe(' ');
    dispatchEvent(new Event('resize'));
    expect(size(element)).toBe(' ');
  });
});
