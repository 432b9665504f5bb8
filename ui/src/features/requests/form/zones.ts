// What a clock on the wall shows in a time zone, and which moment is meant by it. The service decides; this says
// beforehand what it will decide.
import type { TypedTime } from '../../../ipc/types';
import { zones } from '../../../state/zones.svelte';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone that this system knows, by its IANA name. */
export function zoneNames(): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), systemZone(), 'UTC'])].sort();
}

// Slow to make and quick to use.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    const two = '2-digit' as const;
    found = new Intl.DateTimeFormat('en', {
      timeZone: zone, calendar: 'iso8601', hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two, second: two,
    });
    formatters.set(zone, found);
  }
  return found;
}

/** `2026-11-22T09:00:00` */
export function wallClock(at: number, zone: string): string {
  const ahead = zones.ahead(at, zone);
  if (ahead !== undefined) return new Date(at + ahead).toISOString().slice(0, 19);
  const parts = Object.fromEntries(formatter(zone).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

/** How far its clocks are ahead of UTC, in minutes. */
export function offset(at: number, zone: string): number {
  return Math.round((Date.parse(`${wallClock(at, zone)}Z`) - at) / MINUTE);
}

/** `UTC+5:30` */
export function offsetName(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/** The first moment at which that clock shows this; none where the clocks go forward over it. */
export function moment({ local, zone }: TypedTime): number | null {
  const shown = Date.parse(`${local}Z`);
  if (Number.isNaN(shown)) return null;
  const guesses = [shown - DAY, shown + DAY].map((around) => shown - offset(around, zone) * MINUTE);
  return guesses.sort((one, other) => one - other).find((guess) => wallClock(guess, zone) === local) ?? null;
}
