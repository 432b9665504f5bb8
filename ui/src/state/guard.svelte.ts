/** How long a question ignores answers after it appeared or changed. */
export const SETTLE_MS = 500;

/**
 * Keeps a question from being answered by a click or key that was meant for what stood there before. It is shut
 * from the moment the question appears or changes until it has stood still for half a second.
 */
export class Guard {
  open = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `open`: what it guards has long been there. */
  constructor(open = false) {
    this.open = open;
  }

  /** The question appeared or changed. */
  shut(): void {
    clearTimeout(this.#timer);
    this.open = false;
    this.#timer = setTimeout(() => {
      this.open = true;
    }, SETTLE_MS);
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
