// Combinations of keys: as they cross the window's edge, as keyboards name them, and as somebody presses them.
import { isWord, t } from './words';

const agent = navigator.userAgent;
const system = /Mac/.test(agent) ? 'mac' : /Windows/.test(agent) ? 'windows' : 'linux';

/** `Control+Alt+Shift+End` as it stands on this computer's keyboard: `Ctrl+Alt+Shift+End`. */
export function keysText(keys: string): string {
  return keys.split('+').map(capText).join('+');
}

function capText(cap: string): string {
  const word = `cap.${cap.toLowerCase()}`;
  const own = `${word}_${system}`;
  if (isWord(own)) return t(own);
  return isWord(word) ? t(word) : cap.replace(/^(Key|Digit)/, '');
}

const WRITES = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph']);
const USABLE = /^(Key[A-Z]|Digit[0-9]|F([1-9]|1[0-9]|2[0-4])|Arrow(Up|Down|Left|Right)|Home|End|Page(Up|Down)|Insert|Delete|Backspace|Space|Pause|Comma|Period)$/;

/** What was pressed; null while only keys are down that change others. */
export function pressed(event: KeyboardEvent): { keys: string } | { wrong: 'not_usable' | 'alone' } | null {
  if (WRITES.has(event.key)) return null;
  const code = codeOf(event);
  if (!USABLE.test(code)) return { wrong: 'not_usable' };
  if (!event.ctrlKey && !event.altKey && !event.metaKey) return { wrong: 'alone' };
  const held = [event.ctrlKey && 'Control', event.altKey && 'Alt', event.shiftKey && 'Shift', event.metaKey && 'Meta'];
  return { keys: [...held.filter(Boolean), code].join('+') };
}

/** All systems but one go by the letter, wherever it is on the keyboard. */
function codeOf(event: KeyboardEvent): string {
  return system !== 'mac' && /^[a-z]$/i.test(event.key) ? `Key${event.key.toUpperCase()}` : event.code;
}
