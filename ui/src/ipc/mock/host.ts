import type { JoinedState, Permission } from '../types';
import { type Answers, refuse, type Stage } from './index';

export function hostCommands({ world, now, hint, later }: Stage): Answers {
  const change = (request: unknown, how: (joined: JoinedState) => void): void => {
    const joined = world.app.joined;
    if (!joined || joined.request !== request) return refuse('not_the_host');
    how(joined);
    later(60, () => hint({ kind: 'state' }));
  };
  return {
    allow: ({ request, revision, switches }) =>
      change(request, (joined) => {
        if (revision !== joined.revision) refuse('older_revision', { current: String(joined.revision) });
        joined.status = 'ready';
        joined.declined_at = null;
        joined.asked_by = null;
        joined.asked_until = null;
        joined.switches = switches as Permission[];
      }),
    deny: ({ request }) =>
      change(request, (joined) => {
        joined.declined_at = new Date(now()).toISOString();
        joined.asked_by = null;
        joined.asked_until = null;
      }),
    leave: ({ request }) => change(request, () => { world.app.joined = null; }),
    set_switches: ({ request, switches }) => change(request, (joined) => { joined.switches = switches as Permission[]; }),
  };
}
