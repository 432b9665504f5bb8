import type RFB from '@novnc/novnc';

import { keep, kept } from '../../state/kept';

const FITS = 'screen.fits';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

/** How the other screen is looked at. */
export class Viewport {
  /** Scaled to the window, or pixel for pixel. */
  fits = $state(kept(FITS, isBoolean) ?? true);
  /** The monitor to be seen next, until it is opened. */
  chosen: number | undefined = $state();
  /** What acts on the screen. */
  tools: HTMLElement | undefined = $state();
  #screen = $state.raw<RFB>();

  /** There is a picture to act on. */
  get live(): boolean {
    return this.#screen !== undefined;
  }

  follow(screen: RFB | undefined): void {
    this.#screen = screen;
  }

  toggleFit(): void {
    this.fits = !this.fits;
    keep(FITS, this.fits);
    this.#screen?.focus({ preventScroll: true });
  }

  choose(monitor: number): void {
    this.chosen = monitor;
  }

  /** Keys that this computer keeps for itself. */
  sendCtrlAltDel(): void {
    this.#screen?.sendCtrlAltDel();
    this.#screen?.focus({ preventScroll: true });
  }

  /** The keyboard belongs to this computer again. */
  leave(): void {
    this.tools?.querySelector('button')?.focus();
  }
}
