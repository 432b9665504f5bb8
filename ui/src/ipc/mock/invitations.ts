// Invitations and calls of the fake client.
import type { CallState, IntroductionsState, InvitationState, NewInvitation, Peer, Permission, Target } from '../types';
import { uuid } from './data';
import { type Answers, refuse, type Stage } from './index';
import { popups } from './popup';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OWN = '482119070';
const PENDING_AT_MOST = 5;

const iso = (time: number): string => new Date(time).toISOString();
const peerOf = (device: string, changes: Partial<Peer> = {}): Peer => ({ device, key: 'A'.repeat(43), alias: null, name: null, ...changes });

const BEN = peerOf('731204885', { alias: 'ben@acme', name: 'BEN-LAPTOP' });
const STRANGER = peerOf('905661273', { name: 'Give me money <b>now</b>, it is urgent and quite a long name for a computer' });
const MOST: Permission[] = ['input', 'clipboard', 'file_manager', 'audio', 'user_pointer', 'record_session'];

export function received(now: number, number: number, changes: Partial<InvitationState> = {}): InvitationState {
  const sent = now - 17 * SECOND;
  return {
    id: uuid(400 + number),
    way: 'incoming',
    target: null,
    peer: BEN,
    revision: 1,
    profile: 'Default',
    permissions: MOST,
    sent_at: iso(sent),
    expires_at: iso(sent + 2 * MINUTE),
    until: iso(sent + 2 * MINUTE),
    state: 'pending',
    decided_at: null,
    session: null,
    met_before: 'met_before',
    ...changes,
  };
}

export const sent = (now: number, number: number, target: Target, changes: Partial<InvitationState> = {}): InvitationState =>
  received(now - number * 5 * SECOND, 20 + number, { way: 'outgoing', target, peer: null, met_before: null, ...changes });

export function called(now: number, number: number, changes: Partial<CallState> = {}): CallState {
  const placed = now - number * 40 * MINUTE;
  return {
    id: uuid(480 + number),
    way: 'incoming',
    target: null,
    peer: BEN,
    placed_at: iso(placed),
    rings_until: iso(placed + MINUTE),
    until: iso(placed + MINUTE),
    state: 'missed',
    decided_at: iso(placed + MINUTE),
    session: null,
    met_before: 'met_before',
    ...changes,
  };
}

const session = (now: number, ending: 'by_viewer' | 'could_not_connect' | null): InvitationState['session'] => ({
  id: uuid(470),
  side: 'host',
  phase: ending ? 'ended' : 'running',
  connect_until: iso(now),
  since: ending === 'could_not_connect' ? null : iso(now - MINUTE),
  ended_at: ending && iso(now),
  ending,
});

const DANA: Target = { id: '731204885' };
const DESK: Target = { alias: 'frontdesk@acme' };
const UNKNOWN: Target = { id: '1204557893' };

/** What stands there at first, by scenario. */
export function introductions(scenario: string, now: number): IntroductionsState {
  const over = (number: number, target: Target, state: InvitationState['state'], changes: Partial<InvitationState> = {}) =>
    sent(now, number, target, { state, decided_at: iso(now - number * SECOND), ...changes });
  const invitations: Record<string, () => InvitationState[]> = {
    invited: () => [received(now, 1)],
    'invited-look': () => [received(now, 1, { permissions: [], profile: 'Screen sharing', peer: STRANGER, met_before: 'first_time' })],
    'invited-many': () => [received(now, 1), received(now - 30_000, 2, { peer: STRANGER, met_before: 'changed' }), received(now - 60_000, 3, { permissions: ['user_pointer'] })],
    'invited-soon-over': () => [received(now - 100 * SECOND, 1)],
    sent: () => [sent(now, 1, DANA)],
    'sent-five': () => [DANA, DESK, UNKNOWN, { id: '614302218' }, { alias: 'grace.hopper@acme' }].map((target, at) => sent(now, at, target)),
    'sent-over': () => [
      over(1, DANA, 'rejected'),
      over(2, DESK, 'expired'),
      over(3, UNKNOWN, 'accepted', { peer: peerOf('1204557893'), session: session(now, 'could_not_connect') }),
    ],
    'sent-accepted': () => [over(1, DANA, 'accepted', { peer: BEN, session: session(now, null) })],
    introduced: () => [
      received(now, 1),
      sent(now, 2, DANA),
      over(900, DESK, 'cancelled'),
      over(1_200, UNKNOWN, 'accepted', { peer: peerOf('1204557893'), session: session(now, 'by_viewer') }),
      received(now - 90 * MINUTE, 4, { state: 'rejected', decided_at: iso(now - 89 * MINUTE) }),
    ],
  };
  const calls: Record<string, () => CallState[]> = {
    missed: () => [called(now, 1), called(now, 2, { peer: STRANGER, met_before: 'first_time' }), called(now, 3)],
    introduced: () => [called(now, 1, { peer: STRANGER }), called(now, 5, { way: 'outgoing', target: DESK, state: 'missed' }), called(now, 40, { state: 'rejected' })],
  };
  return { invitations: invitations[scenario]?.() ?? popups(scenario, now), calls: calls[scenario]?.() ?? [], placing: null, available: [...MOST] };
}

function targetOf(typed: string): Target {
  const folded = typed.replace(/\s/g, '').toLowerCase();
  if (folded === OWN) refuse('own_id');
  if (/^[1-9]\d{8,9}$/.test(folded)) return { id: folded };
  return /^[\w.-]{3,25}@[\w.-]+$/.test(folded) ? { alias: folded } : refuse('not_an_address');
}

export function invitationCommands({ world, now, hint, later }: Stage): Answers {
  const all = world.introductions;
  const changed = () => later(60, () => hint({ kind: 'introductions' }));
  const online = () => {
    if (world.app.home?.reach === 'offline') refuse('unreachable');
  };
  const pending = (id: unknown): InvitationState => {
    online();
    return all.invitations.find((one) => one.id === id && one.state === 'pending') ?? refuse('invitation_over');
  };
  const put = ({ id, profile, permissions }: Omit<NewInvitation, 'target'>, target: Target) => {
    online();
    const waiting = all.invitations.filter((one) => one.way === 'outgoing' && one.state === 'pending');
    if (waiting.length >= PENDING_AT_MOST) refuse('too_many_pending', { max: String(PENDING_AT_MOST) });
    const until = iso(now() + 2 * MINUTE);
    const fresh = { id, profile, permissions, sent_at: iso(now()), expires_at: until, until };
    all.invitations.unshift(sent(now(), 0, target, fresh));
    changed();
  };
  const decide = (id: unknown, state: InvitationState['state']) => {
    Object.assign(pending(id), { state, decided_at: iso(now()) });
    changed();
  };
  return {
    introductions_state: () => all,
    invite: ({ new: made }) => {
      const invitation = made as NewInvitation;
      put(invitation, targetOf(invitation.target));
    },
    edit_invitation: ({ id, profile, permissions }) => {
      const edited = pending(id);
      Object.assign(edited, { profile, permissions, revision: edited.revision + 1 });
      changed();
    },
    cancel_invitation: ({ id }) => decide(id, 'cancelled'),
    send_invitation_again: ({ id, again }) => {
      const old = all.invitations.find((one) => one.id === id) ?? refuse('not_found');
      put({ ...old, id: String(again) }, old.target ?? refuse('forbidden'));
    },
    accept_invitation: ({ id, revision }) => {
      const { revision: current } = pending(id);
      if (revision !== current) refuse('older_revision', { current: String(current) });
      decide(id, 'accepted');
    },
    reject_invitation: ({ id }) => decide(id, 'rejected'),
    invite_by_email: () => world.mailing,
    call: ({ target }) => {
      online();
      targetOf(String(target));
      return uuid(499);
    },
  };
}
