// Dates and times of day as people write them in a field, and what they mean by it. What can be read in two ways is
// read in the order that is usual where the person is; what is no date is not guessed at.
import { locale } from './language.svelte';
import { timeOfDay } from './times';

type Part = 'year' | 'month' | 'day';

const two = (number: number) => String(number).padStart(2, '0');

function numbers(at: number): Intl.DateTimeFormatPart[] {
  return new Intl.DateTimeFormat(locale(), { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' }).formatToParts(at);
}

const isPart = (type: string): type is Part => type === 'year' || type === 'month' || type === 'day';

/** In which order year, month and day are usual. */
const order = (): Part[] => numbers(0).map(({ type }) => type).filter(isPart);

/** `2026-11-24` as `11/24/2026`, or `24.11.2026`. */
export function writtenDate(iso: string): string {
  return numbers(Date.parse(iso)).map(({ value }) => value).join('');
}

/** `09:30` as `9:30 AM`, or `09:30`. */
export function writtenTime(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return timeOfDay(new Date(2000, 0, 1, hour, minute).getTime()).replace(/\s/g, ' ');
}

function isoDate(year: number, month: number, day: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const isDate = year >= 2000 && year < 2100 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isDate ? at.toISOString().slice(0, 10) : null;
}

/** The year may be short, or left out: then the next such day is meant. */
function inOrder(parts: Part[], written: string[], today: string): string | null {
  const found = new Map(parts.map((part, index) => [part, written[index] ?? '']));
  const [year, month, day] = [found.get('year'), Number(found.get('month')), Number(found.get('day'))];
  if (year?.length === 4) return isoDate(Number(year), month, day);
  if (year !== undefined) return year.length === 2 ? isoDate(2000 + Number(year), month, day) : null;
  const thisYear = Number(today.slice(0, 4));
  return [thisYear, thisYear + 1].map((next) => isoDate(next, month, day)).find((date) => date !== null && date >= today) ?? null;
}

/** In the order that is usual here, without separators too, or as `2026-11-24`. */
export function readDate(text: string, today: string): string | null {
  const written = text.trim();
  const usual = order();
  if (/^\d{8}$/.test(written)) {
    let from = 0;
    return inOrder(usual, usual.map((part) => written.slice(from, (from += part === 'year' ? 4 : 2))), today);
  }
  if (!/^\d+(?:\s*[-./ ]\s*\d+){1,2}\.?$/.test(written)) return null;
  const parts = written.match(/\d+/g) ?? [];
  if (parts.length === 2) return inOrder(usual.filter((part) => part !== 'year'), parts, today);
  return inOrder(parts[0]?.length === 4 ? ['year', 'month', 'day'] : usual, parts, today);
}

/** `9`, `9:30`, `0930`, `9.30`, `9:30 pm`, `9 Uhr`: `09:30`. */
export function readTime(text: string): string | null {
  const found = /^(\d{1,2})(?:\s*[:.h]?\s*(\d{2}))?\s*(?:([ap])\.?\s?m\.?|uhr|h)?$/i.exec(text.trim());
  if (!found) return null;
  const [, hours = '', minutes = '0', half] = found;
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (minute > 59 || hour > 23 || (half && (hour < 1 || hour > 12))) return null;
  if (!half) return `${two(hour)}:${two(minute)}`;
  return `${two((hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0))}:${two(minute)}`;
}
