// What an invitation allows, in plain words.
import { type InvitationState, type OwnProfile, type Permission, PERMISSIONS } from '../../ipc/types';
import { listed } from '../../words/times';
import { t } from '../../words/words';
import { offered, type Profile, said } from '../permissions/profiles';

const NAMED = 3;

/** Besides the screen and the control of it; empty where there is nothing. */
export function alsoAllowed(permissions: readonly Permission[]): string {
  const names = others(permissions);
  return names.length > 0 ? listed(names) : '';
}

/** A whole sentence on one short line: the first few by name and the rest as a number. */
export function alsoInShort(permissions: readonly Permission[]): string {
  const names = others(permissions);
  if (names.length === 0) return '';
  if (names.length <= NAMED) return t('invited.also', { list: listed(names) });
  return t('popup.also_more', { list: names.slice(0, NAMED).join(', '), count: names.length - NAMED });
}

function others(permissions: readonly Permission[]): string[] {
  // Whoever controls the pointer needs no other one.
  const said: readonly Permission[] = permissions.includes('input') ? ['input', 'user_pointer'] : [];
  const left = PERMISSIONS.filter((permission) => permissions.includes(permission) && !said.includes(permission));
  return left.map((permission) => t(`permission.${permission}`));
}

/** The name under which the other side sees the profile. */
export function profileName(chosen: string | null, own: readonly OwnProfile[]): string {
  return offered(own).find(({ id }) => id === chosen)?.name ?? t('permissions.by_hand');
}

/** The profile of this name, if what was sent is still what it says. */
export function profileNamed(sent: InvitationState, available: readonly Permission[], own: readonly OwnProfile[]): string | null {
  const says = (some: readonly Permission[]) => said(some.filter((each) => available.includes(each)));
  const sameAs = ({ name, permissions }: Profile) => name === sent.profile && says(permissions) === says(sent.permissions);
  return offered(own).find(sameAs)?.id ?? null;
}
