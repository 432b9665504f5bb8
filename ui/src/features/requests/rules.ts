// What the service would refuse, said before it is asked. The service's word counts.
import { t } from '../../words/words';

export const RECIPIENT_MAX = 128;
export const COMMENTS_MAX = 4_000;
export const EMAIL_MAX = 254;

// Control characters and those that turn the direction of text around.
const FORBIDDEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const count = (text: string): number => [...text].length;

export function recipientProblem(text: string): string | undefined {
  if (!text.trim()) return t('new.recipient_missing');
  if (count(text) > RECIPIENT_MAX) return t('new.recipient_long', { max: RECIPIENT_MAX, count: count(text) });
  return FORBIDDEN.test(text) ? t('new.forbidden_characters') : undefined;
}

/** `needed`: mail is wanted. What looks like an address is left to the service. */
export function emailProblem(text: string, needed: boolean): string | undefined {
  if (!text.trim()) return needed ? t('new.email_missing') : undefined;
  const looksRight = /^[^\s@<>()[\]",;:\\]+@[^\s@<>()[\]",;:\\]+$/.test(text.trim()) && text.trim().length <= EMAIL_MAX;
  return looksRight && !FORBIDDEN.test(text) ? undefined : t('new.email_wrong');
}

export function commentsProblem(text: string): string | undefined {
  if (count(text) > COMMENTS_MAX) return t('new.comments_long', { max: COMMENTS_MAX, count: count(text) });
  return FORBIDDEN.test(text.replace(/[\n\r\t]/g, '')) ? t('new.forbidden_characters') : undefined;
}
