// What happened between two looks at the invitations, for those who do not see it happen.
import type { IntroductionsState, InvitationState } from '../../ipc/types';
import { t } from '../../words/words';
import { who } from './names';
import { outcomeOf } from './outcomes';

/** Nothing at the first look: what stands there is read like everything else. */
export function news(before: IntroductionsState | undefined, now: IntroductionsState): string {
  if (!before) return '';
  const old = new Map(before.invitations.map((one) => [one.id, one]));
  return now.invitations.map((one) => told(old.get(one.id), one)).filter(Boolean).join(' ');
}

function told(before: InvitationState | undefined, now: InvitationState): string {
  const name = { who: who(now) };
  const isNew = !before && now.state === 'pending';
  if (now.way === 'outgoing') {
    const moved = before && outcomeOf(before) !== outcomeOf(now);
    return isNew || moved ? `${name.who}: ${t(`sent.${outcomeOf(now)}`)}` : '';
  }
  if (isNew) return t('invited.arrived', name);
  if (!before || before.state !== 'pending') return '';
  if (now.state === 'cancelled') return t('invited.was_cancelled', name);
  return now.state === 'expired' ? t('invited.has_expired', name) : '';
}
