import { sessionState } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { SessionId, SessionState } from '../ipc/types';
import { Reader } from './reader.svelte';

/** One session, on either side. */
export class Session {
  readonly id: SessionId;
  #state: Reader<SessionState | null>;

  constructor(id: SessionId) {
    this.id = id;
    this.#state = new Reader(() => sessionState(id));
  }

  /** `undefined` before the first answer, `null` if there is no such session (any more). */
  get state(): SessionState | null | undefined {
    return this.#state.value;
  }

  get error() {
    return this.#state.error;
  }

  read = (): Promise<void> => this.#state.read();

  follow(): () => void {
    void this.read();
    return onHint((hint) => {
      if (hint.kind === 'state' || (hint.kind === 'session' && hint.id === this.id)) void this.read();
    });
  }
}
