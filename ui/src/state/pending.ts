import { pendingRequest } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { RequestId } from '../ipc/types';

/** Calls back with the request that this window was asked to show, now and later, until the returned function is called. */
export function followPending(show: (id: RequestId) => void): () => void {
  const ask = async () => {
    // Not being told what to show is no problem to show.
    const id = await pendingRequest().catch(() => null);
    if (id) show(id);
  };
  void ask();
  return onHint((hint) => {
    if (hint.kind === 'show') void ask();
  });
}
