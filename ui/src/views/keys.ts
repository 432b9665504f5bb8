import { t } from '../words/words';

/** Keys that have another name on a Mac. */
export function keyName(key: 'key.comma' | 'key.palette'): string {
  return t(/Mac/.test(navigator.userAgent) ? `${key}_mac` : key);
}
