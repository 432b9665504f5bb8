// Whom a consent would name, in the window's words.
import type { JoinedState } from '../../ipc/types';
import { groupedId } from '../../words/ids';
import { t } from '../../words/words';

type Kind = 'agent' | 'queue' | 'device' | 'any';

function kindOf(joined: JoinedState): Kind {
  const { cover } = joined;
  if (cover === 'any_agent') return 'any';
  if ('agent' in cover) return 'agent';
  return 'queue' in cover ? 'queue' : 'device';
}

function params(joined: JoinedState) {
  const { cover } = joined;
  const device = typeof cover === 'object' && 'device' in cover ? cover.device : '';
  return {
    agent: joined.agent ?? joined.organisation,
    queue: joined.queue ?? joined.organisation,
    organisation: joined.organisation,
    id: groupedId(device),
  };
}

/** Who asks, as a headline. */
export function asker(joined: JoinedState): string {
  const kind = kindOf(joined);
  if (kind === 'agent') return t('accept.asks_agent', params(joined));
  return kind === 'queue' ? t('accept.asks_queue', params(joined)) : t('accept.asks_any', params(joined));
}

/** Who may connect after *Allow*. */
export const covered = (joined: JoinedState): string => t(`accept.cover_${kindOf(joined)}`, params(joined));

/** What allowing does. */
export const consequence = (joined: JoinedState): string => t(`accept.what_${kindOf(joined)}`, params(joined));

/** What happens next, once allowed. */
export const next = (joined: JoinedState): string => t(`accept.ready_${kindOf(joined)}`, params(joined));
