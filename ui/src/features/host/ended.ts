import type { JoinedState, Permission, SessionState } from '../../ipc/types';
import { t } from '../../words/words';

export const isOf = (joined: JoinedState | null, { occasion }: SessionState): boolean =>
  'request' in occasion && occasion.request === joined?.request;

/** In a sentence for the person whose computer it was. */
export const howItEnded = (session: SessionState | null): string =>
  session?.phase.name === 'ended' ? t(`ended.host.${session.phase.why}`, { peer: session.peer }) : '';

/** The switches without those that turn off by themselves. */
export function lasting({ permissions, asks }: SessionState): readonly Permission[] {
  const forAWhile = asks.for_a_while.map(({ permission }) => permission);
  return permissions.filter((permission) => !forAWhile.includes(permission));
}
