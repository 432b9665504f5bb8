import type RFB from '@novnc/novnc';
import { tick } from 'svelte';

import { keep, kept } from '../../state/kept';

const FITS = 'screen.fits';
const PANEL = 'screen.panel';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

/** The one key that the other screen does not get: it leads out of it, and back. */
export const crosses = ({ key, ctrlKey, altKey }: KeyboardEvent) => key === 'Home' && ctrlKey && altKey;

/** How the other screen is looked at, and what stands around it. */
export class Viewport {
  /** Scaled to the window, or pixel for pixel. */
  fits = $state(kept(FITS, isBoolean) ?? true);
  /** The monitor to be seen next, until it is opened. */
  chosen: number | undefined = $state();
  /** What acts on the screen. */
  tools: HTMLElement | undefined = $state();
  /** Whether the side panel is wanted. */
  panel = $state(kept(PANEL, isBoolean) ?? true);
  /** The window has the whole monitor. */
  full = $state(false);
  /** Something came into the side panel that was not seen there. */
  news = $state(false);
  /** In full screen: bar and panel, until the screen is turned to again. */
  #called = $state(false);
  #screen = $state.raw<RFB>();

  /** There is a picture to act on. */
  get live(): boolean {
    return this.#screen !== undefined;
  }

  /** In full screen nothing stands around a picture. */
  get alone(): boolean {
    return this.full && this.live && !this.#called;
  }

  follow(screen: RFB | undefined): void {
    this.#screen = screen;
  }

  toggleFit(): void {
    this.fits = !this.fits;
    keep(FITS, this.fits);
    this.#focus();
  }

  togglePanel(): void {
    this.panel = !this.panel;
    this.news = false;
    keep(PANEL, this.panel);
  }

  choose(monitor: number): void {
    this.chosen = monitor;
  }

  /** Keys that this computer keeps for itself. */
  sendCtrlAltDel(): void {
    this.#screen?.sendCtrlAltDel();
    this.#focus();
  }

  /** The window took the whole monitor, or gave it back. */
  fill(full: boolean): void {
    this.full = full;
    if (full) this.turnBack();
    else this.dismiss();
  }

  /** Brings back what full screen hides. */
  call(): void {
    this.#called = true;
  }

  dismiss(): void {
    this.#called = false;
    this.news &&= !this.panel;
  }

  /** The keyboard is the screen's again. */
  turnBack(): void {
    this.dismiss();
    this.#focus();
  }

  /** Something new is in the side panel. */
  tell(): void {
    this.news = this.alone || !this.panel;
    this.call();
  }

  /** The keyboard belongs to this computer again. */
  async leave(): Promise<void> {
    this.call();
    // What is hidden takes no focus.
    await tick();
    this.tools?.querySelector('button')?.focus();
  }

  #focus(): void {
    this.#screen?.focus({ preventScroll: true });
  }
}
