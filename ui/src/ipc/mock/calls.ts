// Calls of the fake client, and the sessions that come of them. `?view=call` and `?view=ring` show the first of each way.
import type { CallState, Permission, PlacingState, SessionState, Target } from '../types';
import { uuid } from './data';
import { type Answers, refuse, type Stage } from './index';
import { called } from './invitations';

const SECOND = 1_000;
const RINGS = 60 * SECOND;
export const OUTGOING = uuid(495);
export const INCOMING = uuid(496);
const CALLED: Target = { id: '1204557893' };

const iso = (time: number): string => new Date(time).toISOString();

function rang(now: number, ago: number, changes: Partial<CallState>): CallState {
  const until = iso(now - ago * SECOND + RINGS);
  return called(now, 0, {
    id: INCOMING,
    state: 'ringing',
    decided_at: null,
    placed_at: iso(now - ago * SECOND),
    rings_until: until,
    until,
    ...changes,
  });
}

const own = (now: number, changes: Partial<CallState> = {}): CallState =>
  rang(now, 13, { id: OUTGOING, way: 'outgoing', target: CALLED, peer: null, met_before: null, ...changes });

const introduced = (now: number, phase: 'granted' | 'ended'): CallState['session'] => ({
  id: uuid(497),
  side: 'viewer',
  phase,
  connect_until: iso(now + 90 * SECOND),
  since: null,
  ended_at: null,
  ending: phase === 'ended' ? 'could_not_connect' : null,
});

/** Whose words try to be more than they are. */
const LOUD = { name: 'Your bank’s security desk, please press *Allow access* at once <b>now</b>' };

export function calls(scenario: string, now: number): CallState[] {
  const over = { decided_at: iso(now) } as const;
  const scenarios: Record<string, () => CallState[]> = {
    calling: () => [own(now)],
    'calling-alias': () => [own(now, { target: { alias: 'frontdesk@acme' } })],
    'call-accepted': () => [own(now, { state: 'accepted', session: introduced(now, 'granted'), ...over })],
    'call-missed': () => [own(now, { state: 'missed', ...over })],
    'call-rejected': () => [own(now, { state: 'rejected', ...over })],
    'call-cancelled': () => [own(now, { state: 'cancelled', ...over })],
    'call-failed': () => [own(now, { state: 'accepted', session: introduced(now, 'ended'), ...over })],
    ringing: () => [rang(now, 13, {})],
    'ringing-stranger': () => [
      rang(now, 48, { met_before: 'first_time', peer: { device: '905661273', key: 'A'.repeat(43), alias: null, ...LOUD } }),
    ],
    'ringing-changed': () => [rang(now, 5, { met_before: 'changed' })],
    'ringing-over': () => [rang(now, 61, {})],
    'rang-cancelled': () => [rang(now, 20, { state: 'cancelled', ...over })],
  };
  return scenarios[scenario]?.() ?? [];
}

/** A call that its service has not taken, or will not. */
export function placing(scenario: string): PlacingState | null {
  const refused = (code: 'unreachable' | 'guest_device') => ({ code, params: {}, trace: '' });
  const scenarios: Record<string, PlacingState> = {
    'call-placing': { id: OUTGOING, target: CALLED, refused: null },
    'call-refused': { id: OUTGOING, target: CALLED, refused: refused('unreachable') },
    'call-refused-for-good': { id: OUTGOING, target: CALLED, refused: refused('guest_device') },
  };
  return scenarios[scenario] ?? null;
}

/** As the host of a session that came of a call. */
export function hosted(hosting: SessionState): SessionState {
  const permissions: Permission[] = ['input', 'clipboard', 'user_pointer'];
  return { ...hosting, occasion: { call: INCOMING }, peer: '731 204 885', permissions, available: [...permissions, 'file_manager'] };
}

export function callCommands({ world, now, hint, later }: Stage): Answers {
  const all = world.introductions.calls;
  const decide = (id: unknown, state: CallState['state']) => {
    const call = all.find((one) => one.id === id && one.state === 'ringing') ?? refuse('call_over');
    Object.assign(call, { state, decided_at: iso(now()) });
    later(60, () => hint({ kind: 'introductions' }));
  };
  return {
    call_again: () => undefined,
    cancel_call: ({ id }) => {
      if (world.introductions.placing?.id === id) world.introductions.placing = null;
      else decide(id, 'cancelled');
    },
    allow_call: ({ id }) => decide(id, 'accepted'),
    deny_call: ({ id }) => decide(id, 'rejected'),
  };
}
