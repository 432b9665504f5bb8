// How invitations and calls stand, and which of them the window shows for a while after they were decided.
import type { CallState, IntroductionsState, InvitationState } from '../../ipc/types';

export type Outcome = 'pending' | 'accepted' | 'connected' | 'not_answered' | 'rejected' | 'cancelled' | 'could_not_connect';

const OUTCOME_SHOWN_MS = 10 * 60_000;
const MISSED_SHOWN_MS = 12 * 3_600_000;
/** Of what is over. */
const SHOWN_AT_MOST = 3;

const STANDS = {
  pending: 'pending',
  ringing: 'pending',
  accepted: 'accepted',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'not_answered',
  missed: 'not_answered',
} as const satisfies Record<InvitationState['state'] | CallState['state'], Outcome>;

export function outcomeOf({ state, session }: InvitationState | CallState): Outcome {
  if (session?.since) return 'connected';
  // Whoever ended it before the two had met.
  return session?.phase === 'ended' ? 'could_not_connect' : STANDS[state];
}

/** By the service's clock. */
const decidedAfter = ({ decided_at }: InvitationState | CallState, time: number) => decided_at !== null && Date.parse(decided_at) > time;

/** Those that wait for this person's answer. One whose time is up is as good as over. */
export function received(state: IntroductionsState, here: number): InvitationState[] {
  return state.invitations.filter((one) => one.way === 'incoming' && one.state === 'pending' && Date.parse(one.until) > here);
}

/** Those that wait for somebody's answer, and after them how the latest ones went. */
export function sent(state: IntroductionsState, now: number, isDismissed: (id: string) => boolean): InvitationState[] {
  const outgoing = state.invitations.filter(({ way }) => way === 'outgoing');
  const over = outgoing.filter((one) => {
    const went = one.state !== 'pending' && !(outcomeOf(one) === 'connected' && one.session?.ended_at);
    return went && decidedAfter(one, now - OUTCOME_SHOWN_MS) && !isDismissed(one.id);
  });
  return [...outgoing.filter(({ state: stands }) => stands === 'pending'), ...over.slice(0, SHOWN_AT_MOST)];
}

/** The last missed call of each device. */
export function missed(state: IntroductionsState, now: number, isDismissed: (id: string) => boolean): CallState[] {
  const calls = state.calls.filter((one) => one.way === 'incoming' && one.state === 'missed');
  const last = calls.filter((one, at) => calls.findIndex(({ peer }) => peer?.device === one.peer?.device) === at);
  return last.filter((one) => decidedAfter(one, now - MISSED_SHOWN_MS) && !isDismissed(one.id)).slice(0, SHOWN_AT_MOST);
}
