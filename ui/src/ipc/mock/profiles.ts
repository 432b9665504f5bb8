// The fake client's permission profiles, and what is asked for during its sessions.
import type { OwnProfile, Permission, PermissionProfiles, SessionState } from '../types';
import { uuid } from './data';
import { type Answers, refuse, type Stage } from './index';

const POSSIBLE: Permission[] = ['input', 'clipboard', 'file_manager', 'lock_desk', 'sysinfo'];
const FIFTEEN_MINUTES = 15 * 60_000;

const own = (number: number, name: string, permissions: Permission[]): OwnProfile => ({ id: uuid(600 + number), name, permissions });

/** Where nothing else is said, a person with two profiles of their own. */
export function someProfiles(scenario: string): PermissionProfiles {
  if (scenario === 'empty') return { own: [], lock: null };
  if (scenario === 'profiles-locked') return { own: [], lock: { by: 'Acme Helper', most: ['input', 'clipboard', 'user_pointer'] } };
  return {
    own: [own(1, 'Only show and write', ['clipboard', 'user_pointer']), own(2, 'Backups, at night, without anybody there', ['file_manager', 'restart'])],
    lock: null,
  };
}

/** A session in which something was asked for, seen from its side. */
export function asked(session: SessionState, now: number): SessionState {
  const until = new Date(now + FIFTEEN_MINUTES).toISOString();
  const open: Permission[] = ['input', 'file_manager'];
  const mine = session.side === 'viewer';
  return {
    ...session,
    permissions: ['clipboard'],
    available: POSSIBLE,
    asks: { possible: POSSIBLE, open, refused: mine ? ['lock_desk'] : [], for_a_while: mine ? [] : [{ permission: 'clipboard', until }] },
  };
}

export function profileCommands({ world, now, hint, later }: Stage): Answers {
  const changed = () => later(60, () => hint({ kind: 'state' }));
  const change = (id: unknown, how: (session: SessionState) => void): void => {
    const session = world.sessions.get(String(id)) ?? refuse('could_not_connect');
    how(session);
    later(60, () => hint({ kind: 'session', id: session.id }));
  };
  const close = (session: SessionState, permission: Permission) => {
    session.asks.open = session.asks.open.filter((each) => each !== permission);
    session.asks.for_a_while = session.asks.for_a_while.filter((each) => each.permission !== permission);
  };
  return {
    permission_profiles: () => world.profiles,
    keep_profile: ({ id, name, permissions }) => {
      const profile = { id, name: String(name).trim(), permissions } as OwnProfile;
      const same = (other: OwnProfile) => other.id !== id && other.name.toLowerCase() === profile.name.toLowerCase();
      if (world.profiles.own.some(same)) refuse('profile_name_taken');
      const at = world.profiles.own.findIndex((other) => other.id === id);
      if (at < 0) world.profiles.own.push(profile);
      else world.profiles.own[at] = profile;
      changed();
    },
    delete_profile: ({ id }) => {
      world.profiles.own = world.profiles.own.filter((profile) => profile.id !== id);
      changed();
    },
    ask_for: ({ id, permission }) =>
      change(id, ({ asks }) => {
        asks.open.push(permission as Permission);
        asks.refused = asks.refused.filter((each) => each !== permission);
      }),
    turn_switch: ({ id, permission, turn }) =>
      change(id, (session) => {
        const turned = permission as Permission;
        close(session, turned);
        session.permissions = session.permissions.filter((each) => each !== turned);
        if (turn !== 'off') session.permissions.push(turned);
        const until = new Date(now() + FIFTEEN_MINUTES).toISOString();
        if (turn === 'on_for_a_while') session.asks.for_a_while.push({ permission: turned, until });
      }),
    collapse_window: () => undefined,
    expand_window: () => undefined,
    refuse_ask: ({ id, permission }) => change(id, (session) => close(session, permission as Permission)),
  };
}
