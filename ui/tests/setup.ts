// What jsdom does not have: sizes, and watching them.
import '@testing-library/jest-dom/vitest';

import { afterEach, beforeEach, vi } from 'vitest';

import { speak } from '../src/words/language.svelte';

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

vi.stubGlobal('ResizeObserver', NoResizeObserver);

/** Every element is this big: a list of 400 px shows eleven rows. */
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { configurable: true, get: () => 400 },
  offsetWidth: { configurable: true, get: () => 800 },
  clientHeight: { configurable: true, get: () => 400 },
  scrollHeight: { configurable: true, get: () => 400_000 },
});

Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number): void {
  if (typeof to === 'object') this.scrollTop = to.top ?? 0;
  this.dispatchEvent(new Event('scroll'));
} as typeof Element.prototype.scrollTo;
Element.prototype.scrollIntoView = () => {};
Element.prototype.hasPointerCapture = () => false;

beforeEach(() => {
  localStorage.clear();
  speak('en');
});
afterEach(() => vi.useRealTimers());
