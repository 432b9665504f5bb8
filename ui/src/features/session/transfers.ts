import type { TransferTitle } from '../../ipc/types';
import { t, tn } from '../../words/words';

/** What is moved, by the first name of it. What the other side asked for has none here. */
export function transferTitle(title: TransferTitle, arrives = true): string {
  if (title.kind === 'unknown') return t(arrives ? 'transfer.arrives' : 'transfer.leaves');
  return title.others > 0 ? tn('transfer.others', title.others, { name: title.name }) : title.name;
}
