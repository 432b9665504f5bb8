// The last invitations and calls together, the newest first, as lines of a list.
import ArrowDownLeft from '@lucide/svelte/icons/arrow-down-left';
import ArrowUpRight from '@lucide/svelte/icons/arrow-up-right';
import PhoneMissed from '@lucide/svelte/icons/phone-missed';
import type { Component } from 'svelte';
import { v7 } from 'uuid';

import { call, sendInvitationAgain } from '../../ipc/commands';
import type { CallState, IntroductionsState, InvitationState } from '../../ipc/types';
import { t } from '../../words/words';
import { type Between, typed, who } from './names';
import { outcomeOf } from './outcomes';

/** What is offered to be done once more. */
export interface Again {
  label: string;
  /** With whom, for those who do not see the line. */
  named: string;
  act: () => Promise<unknown>;
}

export interface Met {
  id: string;
  icon: Component;
  between: Between;
  /** The device that invited or called this one, and could do so again. */
  from: string | null;
  told: string;
  /** By the service's clock. */
  at: number;
  again: Again | null;
}

const SHOWN_AT_MOST = 50;

export function met({ invitations, calls }: IntroductionsState): Met[] {
  const all = [...invitations.map(ofInvitation), ...calls.map(ofCall)];
  return all.sort((one, other) => other.at - one.at).slice(0, SHOWN_AT_MOST);
}

const from = ({ way, peer }: InvitationState | CallState) => (way === 'incoming' && peer ? peer.device : null);

const arrow = (way: InvitationState['way']): Component => (way === 'outgoing' ? ArrowUpRight : ArrowDownLeft);

function ofInvitation(one: InvitationState): Met {
  const stands = outcomeOf(one);
  const failed = !['pending', 'accepted', 'connected'].includes(stands);
  const told = t(`met.${one.way === 'outgoing' ? 'invited' : 'was_invited'}_${stands}`);
  const again = one.way === 'outgoing' && failed ? sendingAgain(one) : null;
  return { id: one.id, icon: arrow(one.way), between: one, from: from(one), told, at: Date.parse(one.sent_at), again };
}

function ofCall(one: CallState): Met {
  const stands = outcomeOf(one);
  const told = t(`met.${one.way === 'outgoing' ? 'called' : 'was_called'}_${stands}`);
  const isMissed = one.way === 'incoming' && one.state === 'missed';
  const again = stands === 'pending' || stands === 'accepted' ? null : calling(one, one.way === 'incoming' ? 'back' : 'again');
  const icon = isMissed ? PhoneMissed : arrow(one.way);
  return { id: one.id, icon, between: one, from: from(one), told, at: Date.parse(one.placed_at), again };
}

function sendingAgain(one: InvitationState): Again {
  const named = t('sent.again_named', { who: who(one) });
  return { label: t('sent.again'), named, act: () => sendInvitationAgain(one.id, v7()) };
}

function calling(one: CallState, how: 'back' | 'again'): Again {
  const named = t(`missed.${how}_named`, { who: who(one) });
  return { label: t(`missed.${how}`), named, act: () => call(typed(who(one))) };
}
