// What can be done to a request from a menu, in the order it is offered.
import AlarmClockCheck from '@lucide/svelte/icons/alarm-clock-check';
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big';
import Copy from '@lucide/svelte/icons/copy';
import Link2 from '@lucide/svelte/icons/link-2';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';

import { claimRequest, closeRequest, copyText, newLink, releaseRequest, requestLink, startNow } from '../../ipc/commands';
import type { RequestView } from '../../ipc/types';
import type { MenuItem } from '../../parts/Menu.svelte';
import { isOver } from '../../state/detail.svelte';
import { notices } from '../../state/notices.svelte';
import { t } from '../../words/words';

/** Acts without a place of their own tell in the notice line what went wrong. */
export async function attempt(act: Promise<unknown>, note?: string): Promise<void> {
  try {
    await act;
    if (note) notices.note(note);
  } catch (thrown) {
    notices.problem(thrown);
  }
}

export const copyLink = (request: RequestView) =>
  attempt(requestLink(request.id).then((link) => copyText(link.url)), t('common.copied'));

/** Asks first if somebody is connected: the session would end. */
export function close(request: RequestView, ask: Questions): void {
  if (request.status === 'connected') ask.close(request);
  else void attempt(closeRequest(request.id));
}

/** Asks first if somebody has opened the link: they would have to begin anew. */
function replaceLink(request: RequestView, ask: Questions): void {
  if (request.status === 'open') void attempt(newLink(request.id));
  else ask.newLink(request);
}

/** Whether there is anything to offer at all. */
export const hasMenu = (request: RequestView): boolean => request.may_act || !isOver(request);

export interface Questions {
  close: (request: RequestView) => void;
  newLink: (request: RequestView) => void;
  reopen: (request: RequestView) => void;
}

/** `why` nothing can be chosen now: all of it needs the service. */
export function menuFor(request: RequestView, ask: Questions, why?: string): MenuItem[][] {
  return offered(request, ask).map((group) => group.map((item) => ({ ...item, why })));
}

function offered(request: RequestView, ask: Questions): MenuItem[][] {
  const link: MenuItem[] = isOver(request)
    ? []
    : [{ label: t('act.copy_link'), icon: Copy, chosen: () => void copyLink(request) }];
  if (!request.may_act) return [link];
  if (isOver(request)) {
    return [[{ label: t('act.reopen'), icon: RotateCcw, chosen: () => ask.reopen(request) }]];
  }
  const idle = request.status !== 'connected';
  if (idle) link.push({ label: t('act.new_link'), icon: Link2, chosen: () => replaceLink(request, ask) });
  if (idle && request.schedule) {
    link.push({ label: t('act.start_now'), icon: AlarmClockCheck, chosen: () => void attempt(startNow(request.id)) });
  }
  const agent: MenuItem[] = [];
  // Taking it from another agent is giving it away: *Assign to → Myself*.
  if (idle && !request.agent) {
    agent.push({ label: t('act.claim'), icon: UserPlus, chosen: () => void attempt(claimRequest(request.id)) });
  }
  if (idle && request.agent) {
    agent.push({ label: t('act.release'), icon: UserMinus, chosen: () => void attempt(releaseRequest(request.id)) });
  }
  const label = t(idle ? 'act.close' : 'act.close_asks');
  return [link, agent, [{ label, icon: CircleCheckBig, danger: !idle, chosen: () => close(request, ask) }]];
}
