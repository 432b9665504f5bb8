// When a request is meant to happen and when it ends, as a person fills it in.
import type { Expiry, ExpiryChoice, TypedTime } from '../../../ipc/types';
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

export interface When {
  date: string;
  time: string;
  zone: string;
}

export interface ExpiryDraft {
  kind: Preset | 'date';
  /** With `date`, on this computer's clock. */
  date: string;
  time: string;
}

const isPreset = (value: string): value is Preset => PRESETS.some((preset) => preset === value);

export function when(at: number, zone: string): When {
  const [date = '', time = ''] = wallClock(at, zone).split('T');
  return { date, time: time.slice(0, 5), zone };
}

/** The next whole hour that leaves time to write the mail. */
export function soon(now: number): When {
  return when(Math.ceil((now + 30 * MINUTE) / HOUR) * HOUR, systemZone());
}

/** What was filled in; none where something is missing. */
export function wallTime({ date, time, zone }: When): TypedTime | null {
  return date && time ? { local: `${date}T${time}:00`, zone } : null;
}

export function momentOf(filled: When): number | null {
  const wall = wallTime(filled);
  return wall && moment(wall);
}

export function scheduleProblem(filled: When, now: number): string | undefined {
  const wall = wallTime(filled);
  if (!wall) return t('new.schedule_missing');
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

export function expiryChoice({ kind, date, time }: ExpiryDraft): ExpiryChoice {
  if (kind !== 'date') return { after_seconds: Number(kind) };
  return { at: { local: `${date}T${time}:00`, zone: systemZone() } };
}

/** When it would end, counted from `from`: the scheduled time, or now. */
export function expiresAt({ kind, date, time }: ExpiryDraft, from: number): number | null {
  return kind === 'date' ? momentOf({ date, time, zone: systemZone() }) : from + Number(kind) * 1000;
}

/** The furthest end of what begins then. */
export const latest = (from: number): number => from + LATEST_DAYS * DAY;

export function expiryProblem(draft: ExpiryDraft, from: number, now: number): string | undefined {
  if (draft.kind === 'date' && !(draft.date && draft.time)) return t('new.expires_missing');
  const at = expiresAt(draft, from);
  if (at === null) return t('error.no_such_time', { zone: systemZone() });
  if (at <= from) return t('new.expires_before_start');
  if (at <= now) return t('error.expires_too_soon');
  return at > latest(from) ? t('error.expires_too_late') : undefined;
}
