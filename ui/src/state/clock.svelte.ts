import { createSubscriber } from 'svelte/reactivity';

/** A time that moves on by itself, but only while something shows it. */
function ticking(every: number): () => void {
  return createSubscriber((update) => {
    const timer = setInterval(update, every);
    return () => clearInterval(timer);
  });
}

const everySecond = ticking(1_000);
const everyQuarter = ticking(15_000);

/**
 * The service's time. Deadlines are decided by the service's clock, so a computer whose own clock is wrong still
 * counts down to the right moment.
 */
class ServiceClock {
  #aheadMs = $state(0);

  setAhead(seconds: number): void {
    this.#aheadMs = seconds * 1_000;
  }

  /** Right now, without following it. */
  get now(): number {
    return Date.now() - this.#aheadMs;
  }

  /** For countdowns. */
  get second(): number {
    everySecond();
    return this.now;
  }

  /** For countdowns to moments by this computer's own clock. */
  get here(): number {
    everySecond();
    return Date.now();
  }

  /** For times such as *in 2 h*. */
  get slow(): number {
    everyQuarter();
    return this.now;
  }
}

export const clock = new ServiceClock();
