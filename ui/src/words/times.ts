// Times as people say them. The exact time is always one hover away.
import { locale } from './language.svelte';
import { t, tn } from './words';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Formatters are slow to make and quick to use; a list of thousands needs the same few.
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const key = locale() + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale(), { ...options, hourCycle: options.hour ? hourCycle() : undefined });
    formatters.set(key, formatter);
  }
  return formatter.format(at);
}

const writesTwelve = (tag?: string): boolean => new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions().hour12 === true;

const cycles = new Map<string, 'h12' | 'h23'>();

/** Twelve hours only where the system and the language both write them: *morgen 6:44 PM* is nobody's. */
function hourCycle(): 'h12' | 'h23' {
  const tag = locale();
  const known = cycles.get(tag) ?? (writesTwelve() && writesTwelve(tag) ? 'h12' : 'h23');
  cycles.set(tag, known);
  return known;
}

/** `9:00 am`, or `09:00`. */
const clockOptions = (): Intl.DateTimeFormatOptions => ({
  hour: hourCycle() === 'h12' ? 'numeric' : '2-digit',
  minute: '2-digit',
});

export function timeOfDay(at: number): string {
  return format(at, clockOptions());
}

/** The whole truth, with the time zone. */
export function exactly(at: number): string {
  return format(at, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** `Monday 23 November, 09:00` */
export function weekdayAndTime(at: number): string {
  return format(at, { weekday: 'long', month: 'long', day: 'numeric', ...clockOptions() });
}

/** What a calendar and a clock on the wall say: `Tuesday, November 24, 2026 at 9:30 AM`. */
export function wallDayAndTime(local: string): string {
  return format(Date.parse(`${local}Z`), {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
    ...clockOptions(),
  });
}

/** How many calendar days `at` lies after `now`, in the reader's zone. */
function daysBetween(now: number, at: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(at) - midnight(now)) / DAY);
}

function day(now: number, at: number): string {
  const sameYear = new Date(now).getFullYear() === new Date(at).getFullYear();
  return format(at, { day: 'numeric', month: 'short', year: sameYear ? undefined : 'numeric' });
}

/** A moment that lies ahead: `in 40 min`, `in 2 h`, `tomorrow 09:00`, `in 3 days`, `14 Mar`. */
export function ahead(now: number, at: number): string {
  const isTomorrow = at - now >= 12 * HOUR && daysBetween(now, at) === 1;
  return isTomorrow ? t('time.tomorrow', { time: timeOfDay(at) }) : until(now, at);
}

/** How long until then, in few letters: `in 40 min`, `in 22 h`, `in 3 days`, `14 Mar`. */
export function until(now: number, at: number): string {
  const left = at - now;
  if (left <= 0) return t('time.now');
  if (left < MINUTE) return t('time.in_seconds', { count: Math.ceil(left / SECOND) });
  if (left < HOUR) return t('time.in_minutes', { count: Math.round(left / MINUTE) });
  if (left < 2 * DAY) return t('time.in_hours', { count: Math.round(left / HOUR) });
  const days = daysBetween(now, at);
  return days <= 30 ? tn('time.in_days', days) : day(now, at);
}

/** An appointment: `today 15:30`, `tomorrow 09:00`, `Mon 09:00`, `14 Mar, 09:00`. */
export function appointment(now: number, at: number): string {
  const days = daysBetween(now, at);
  if (days === 0) return t('time.today', { time: timeOfDay(at) });
  if (days === 1) return t('time.tomorrow', { time: timeOfDay(at) });
  if (days > 1 && days < 7) return format(at, { weekday: 'short', ...clockOptions() });
  return format(at, { day: 'numeric', month: 'short', ...clockOptions() });
}

/** A moment that has passed: `14:03` today, `yesterday 14:03`, `14 Mar`. */
export function past(now: number, at: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return timeOfDay(at);
  if (days === 1) return t('time.yesterday', { time: timeOfDay(at) });
  return day(now, at);
}

/** `a, b and c` */
export function listed(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts);
}

/** A length, for waiting: `45 seconds`, `3 minutes`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  return seconds < 120 ? tn('time.seconds', seconds) : tn('time.minutes', Math.ceil(seconds / 60));
}

/** How long something has gone on: `40 minutes`, `20 hours`, `3 days`. */
export function age(ms: number): string {
  if (ms >= 2 * DAY) return tn('time.days', Math.floor(ms / DAY));
  return ms >= 2 * HOUR ? tn('time.hours', Math.floor(ms / HOUR)) : span(ms);
}

/** A running clock: `4:05`, `1:04:05`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, '');
}
