// Which moments the fake client takes from what was typed: the clock of this computer stands for every zone but UTC.
import type { Expiry, ExpiryChoice, TypedTime } from '../types';

export function momentOf({ local, zone }: TypedTime): string {
  return new Date(zone === 'UTC' ? `${local}Z` : local).toISOString();
}

export function endOf(choice: ExpiryChoice, from: number): { expiry: Expiry; expires_at: string } {
  if ('at' in choice) {
    const at = momentOf(choice.at);
    return { expiry: { at }, expires_at: at };
  }
  return { expiry: choice, expires_at: new Date(from + choice.after_seconds * 1000).toISOString() };
}
