import { type NamedProfile, type OwnProfile, type Permission, PERMISSIONS, type ProfileId, type ProposedProfile } from '../../ipc/types';
import { t } from '../../words/words';

export const PROFILES: readonly ProfileId[] = ['default', 'screen_sharing', 'full_access'];

const RISKY: readonly Permission[] = ['tcp_tunnel', 'privacy_feature'];

/** What a built-in profile proposes, as in the product page's table. */
export function proposed(profile: ProfileId): Permission[] {
  if (profile === 'screen_sharing') return ['user_pointer'];
  return PERMISSIONS.filter((permission) => profile === 'full_access' || !RISKY.includes(permission));
}

/** One that can be chosen here: built in, or the person's own. */
export interface Profile {
  id: string;
  name: string;
  permissions: readonly Permission[];
}

export const offered = (own: readonly OwnProfile[]): Profile[] => [
  ...PROFILES.map((id) => ({ id, name: t(`profile.${id}`), permissions: proposed(id) })),
  ...own,
];

export const isOwn = (profile: ProposedProfile): profile is NamedProfile => typeof profile !== 'string';

/** What somebody called their own profile is never taken for a built-in one. */
export const nameOf = (profile: ProposedProfile): string =>
  isOwn(profile) ? t('profile.own', { name: profile.name }) : t(`profile.${profile}`);

export const permissionsOf = (profile: ProposedProfile): readonly Permission[] =>
  isOwn(profile) ? profile.permissions : proposed(profile);

/** Stands for what somebody else proposes, among the IDs of those that can be chosen here. */
export const PROPOSED = 'proposed';

/** In one order, so that two of them can be compared. */
export const said = (permissions: readonly Permission[]): string =>
  PERMISSIONS.filter((permission) => permissions.includes(permission)).join();
