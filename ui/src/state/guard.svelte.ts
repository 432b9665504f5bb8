/** How long a question ignores answers after it appeared or changed. */
export const SETTLE_MS = 500;
/** Between the focus and the click that gave it, whichever comes first, there is less. */
const ONE_CLICK_MS = 100;

/**
 * Keeps a question from being answered by a click or key that was meant for what stood there before. It is shut
 * from the moment the question appears or changes until it has stood still for half a second.
 */
export class Guard {
  open = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The moment at which nothing but the focus shut it. */
  #shutByFocus = -Infinity;

  /** `open`: what it guards has long been there. */
  constructor(open = false) {
    this.open = open;
  }

  /** The question appeared or changed. */
  shut(): void {
    clearTimeout(this.#timer);
    this.open = false;
    this.#shutByFocus = -Infinity;
    this.#timer = setTimeout(() => {
      this.open = true;
    }, SETTLE_MS);
  }

  /**
   * From here on it is shut when the window gets the focus: the click that closed a window above this one may land
   * here. It is not where a click on the window itself gives it the focus: whoever clicks saw what stands there. They
   * did if their pointer had been over it for as long as a question settles; what is covered gets none.
   */
  watchFocus(): () => void {
    let pressed = -Infinity;
    let over = Infinity;
    const move = () => {
      over = Math.min(over, performance.now());
    };
    const leave = () => {
      over = Infinity;
    };
    const wasSeen = (before: number) => over < before - SETTLE_MS;
    const focus = () => {
      const now = performance.now();
      if (now - pressed < ONE_CLICK_MS && wasSeen(pressed)) return;
      // WebKitGTK says it twice.
      const wasOpen = this.open || now - this.#shutByFocus < ONE_CLICK_MS;
      this.shut();
      if (wasOpen) this.#shutByFocus = now;
    };
    const press = () => {
      pressed = performance.now();
      if (pressed - this.#shutByFocus > ONE_CLICK_MS || !wasSeen(this.#shutByFocus)) return;
      clearTimeout(this.#timer);
      this.open = true;
    };
    const document = window.document.documentElement;
    window.addEventListener('focus', focus);
    window.addEventListener('pointermove', move, { capture: true });
    window.addEventListener('pointerdown', press, { capture: true });
    document.addEventListener('pointerleave', leave);
    return () => {
      window.removeEventListener('focus', focus);
      window.removeEventListener('pointermove', move, { capture: true });
      window.removeEventListener('pointerdown', press, { capture: true });
      document.removeEventListener('pointerleave', leave);
    };
  }

  /** Answers only while open. */
  pass(answer: () => void): void {
    if (this.open) answer();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.open = false;
  }
}
