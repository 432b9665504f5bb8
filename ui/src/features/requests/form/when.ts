// When a request is meant to happen and when it ends, as a person fills it in.
import type { Expiry, ExpiryChoice, TypedTime } from '../../../ipc/types';
import { clock } from '../../../state/clock.svelte';
import { readDate, readTime, writtenDate, writtenTime } from '../../../words/dates';
import { t } from '../../../words/words';
import { moment, systemZone, wallClock } from './zones';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How long before the scheduled time the recipient can join. */
export const OPENS_BEFORE = 15 * MINUTE;
const LATEST_DAYS = 90;

export const PRESETS = ['900', '3600', '28800', '86400', '604800'] as const;
export type Preset = (typeof PRESETS)[number];

/** As a person writes it. */
export interface When {
  date: string;
  time: string;
  zone: string;
}

export interface ExpiryDraft {
  kind: Preset | 'date';
  /** With `date`, on this computer's clock, as a person writes it. */
  date: string;
  time: string;
}

const isPreset = (value: string): value is Preset => PRESETS.some((preset) => preset === value);

export function when(at: number, zone: string): When {
  const [date = '', time = ''] = wallClock(at, zone).split('T');
  return { date: writtenDate(date), time: writtenTime(time), zone };
}

export const today = (): string => wallClock(clock.slow, systemZone()).slice(0, 10);

/** The next whole hour that leaves time to write the mail. */
export function soon(now: number): When {
  return when(Math.ceil((now + 30 * MINUTE) / HOUR) * HOUR, systemZone());
}

/** What was filled in; none where something is missing or cannot be read. */
export function wallTime({ date, time, zone }: When): TypedTime | null {
  const [day, minute] = [readDate(date, today()), readTime(time)];
  return day && minute ? { local: `${day}T${minute}:00`, zone } : null;
}

/** What is written there and is no date or time. */
export function unreadable({ date, time }: Pick<When, 'date' | 'time'>): string | undefined {
  if (date.trim() && !readDate(date, today())) return t('when.no_date', { example: writtenDate(today()) });
  return time.trim() && !readTime(time) ? t('when.no_time', { example: writtenTime('14:30') }) : undefined;
}

export function momentOf(filled: When): number | null {
  const wall = wallTime(filled);
  return wall && moment(wall);
}

export function scheduleProblem(filled: When, now: number): string | undefined {
  const wall = wallTime(filled);
  if (!wall) return unreadable(filled) ?? t('new.schedule_missing');
  const at = moment(wall);
  if (at === null) return t('error.no_such_time', { zone: filled.zone });
  return at <= now ? t('error.schedule_in_the_past') : undefined;
}

export function expiryDraft(expiry: Expiry | undefined, expiresAt: number): ExpiryDraft {
  const { date, time } = when(expiresAt, systemZone());
  if (expiry && 'after_seconds' in expiry) {
    const preset = String(expiry.after_seconds);
    if (isPreset(preset)) return { kind: preset, date, time };
  }
  return { kind: 'date', date, time };
}

/** When what was chosen ends, counted from `from`. */
export const endOf = (expiry: Expiry, from: number): number =>
  'at' in expiry ? Date.parse(expiry.at) : from + expiry.after_seconds * 1000;

/** What is to be sent where {@link expiryProblem} finds nothing. */
export function expiryChoice({ kind, date, time }: ExpiryDraft): ExpiryChoice {
  if (kind !== 'date') return { after_seconds: Number(kind) };
  const at = wallTime({ date, time, zone: systemZone() });
  if (!at) throw new Error('no date was chosen');
  return { at };
}

/** When it would end, counted from `from`: the scheduled time, or now. */
export function expiresAt({ kind, date, time }: ExpiryDraft, from: number): number | null {
  return kind === 'date' ? momentOf({ date, time, zone: systemZone() }) : from + Number(kind) * 1000;
}

/** The furthest end of what begins then. */
export const latest = (from: number): number => from + LATEST_DAYS * DAY;

export function expiryProblem(draft: ExpiryDraft, from: number, now: number): string | undefined {
  if (draft.kind === 'date' && !wallTime({ ...draft, zone: systemZone() })) return unreadable(draft) ?? t('new.expires_missing');
  const at = expiresAt(draft, from);
  if (at === null) return t('error.no_such_time', { zone: systemZone() });
  if (at <= from) return t('new.expires_before_start');
  if (at <= now) return t('error.expires_too_soon');
  return at > latest(from) ? t('error.expires_too_late') : undefined;
}
