import { untrack } from 'svelte';

import { acceptInvitation, rejectInvitation } from '../../ipc/commands';
import type { InvitationState } from '../../ipc/types';
import { Action } from '../../state/action.svelte';

/** *Connect* and *Reject* of one invitation, for the revision that is shown. */
export class Answering {
  readonly connecting = new Action(acceptInvitation);
  readonly rejecting = new Action(rejectInvitation);
  #shown: () => InvitationState;
  #read: () => Promise<void>;
  #first: InvitationState['revision'];

  /** `read`: what is shown may be out of date. */
  constructor(shown: () => InvitationState, read: () => Promise<void>) {
    this.#shown = shown;
    this.#read = read;
    this.#first = untrack(() => shown().revision);
  }

  /** It was edited since it was first shown here. */
  get changed(): boolean {
    return this.#shown().revision !== this.#first;
  }

  connect = async (): Promise<void> => {
    this.rejecting.forget();
    const { id, revision } = this.#shown();
    await this.connecting.run(id, revision);
    if (this.connecting.error) await this.#read();
  };

  reject = (): void => {
    this.connecting.forget();
    void this.rejecting.run(this.#shown().id);
  };

  forget(): void {
    this.connecting.forget();
    this.rejecting.forget();
  }
}
