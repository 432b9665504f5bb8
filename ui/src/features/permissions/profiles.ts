import { type Permission, PERMISSIONS, type ProfileId } from '../../ipc/types';

export const PROFILES: readonly ProfileId[] = ['default', 'screen_sharing', 'full_access'];

const RISKY: readonly Permission[] = ['tcp_tunnel', 'privacy_feature'];

/** What a built-in profile proposes, as in the product page's table. */
export function proposed(profile: ProfileId): Permission[] {
  if (profile === 'screen_sharing') return ['user_pointer'];
  return PERMISSIONS.filter((permission) => profile === 'full_access' || !RISKY.includes(permission));
}
