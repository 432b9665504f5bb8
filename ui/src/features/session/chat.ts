import type { ChatLine } from '../../ipc/types';

export const CHAT_MAX = 4_000;
const PAUSE_MS = 5 * 60_000;

export const length = (text: string): number => [...text].length;

/** How many lines the other side has written. */
export const heard = (lines: readonly ChatLine[]): number => lines.filter(({ mine }) => !mine).length;

/** Whether this line names its writer and time: the first of theirs, or the first after a pause. */
export function startsGroup(lines: readonly ChatLine[], index: number): boolean {
  const [line, before] = [lines[index], lines[index - 1]];
  if (!line || !before) return true;
  return line.mine !== before.mine || Date.parse(line.at) - Date.parse(before.at) > PAUSE_MS;
}
