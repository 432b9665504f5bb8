// What an invitation allows besides the screen, on one short line.
import { type Permission, PERMISSIONS } from '../../ipc/types';
import { listed } from '../../words/times';
import { t } from '../../words/words';

const NAMED = 3;

/** The first few by name and the rest as a number; empty where there is nothing. */
export function alsoInShort(permissions: readonly Permission[]): string {
  const others = PERMISSIONS.filter((permission) => permission !== 'input' && permissions.includes(permission));
  const names = others.map((permission) => t(`permission.${permission}`));
  if (names.length === 0) return '';
  if (names.length <= NAMED) return t('invited.also', { list: listed(names) });
  return t('popup.also_more', { list: names.slice(0, NAMED).join(', '), count: names.length - NAMED });
}
