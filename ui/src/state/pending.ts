import { pendingProblem, pendingRequest } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { RequestId } from '../ipc/types';
import { notices } from './notices.svelte';

/** Calls back with the request that this window was asked to show, now and later, until the returned function is called. */
export const followPending = (show: (id: RequestId) => void): (() => void) => follow(pendingRequest, show);

/** Says why what was pressed outside of this window was not done. */
export const followProblems = (): (() => void) => follow(pendingProblem, (error) => notices.problem(error));

function follow<T>(read: () => Promise<T | null>, show: (pending: T) => void): () => void {
  const ask = async () => {
    // Not being told what to show is no problem to show.
    const pending = await read().catch(() => null);
    if (pending) show(pending);
  };
  void ask();
  return onHint((hint) => {
    if (hint.kind === 'show') void ask();
  });
}
