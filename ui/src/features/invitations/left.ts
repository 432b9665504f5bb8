// How long an invitation still counts.
import { clock } from '../../state/clock.svelte';

/** What a countdown is told of an invitation. */
export interface Term {
  /** By this computer's clock. */
  until: string;
  /** By the service's: how long it was at first. */
  from: string;
  to: string;
}

/** In milliseconds, and as a part of the whole. */
export function left({ until, from, to }: Term): { time: number; part: number } {
  const time = Math.max(0, Date.parse(until) - clock.here);
  return { time, part: Math.min(1, time / (Date.parse(to) - Date.parse(from))) };
}
