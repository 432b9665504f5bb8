import { getDirectory } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { DeviceId, Directory } from '../ipc/types';
import { Reader } from './reader.svelte';

/** And which of the clients is this one. */
export interface Assignees extends Directory {
  here?: DeviceId | null;
}

const NOBODY: Directory = { agents: [], queues: [], devices: [] };

/** To whom a request can be given, as far as this client knows. */
export class Assignables {
  #state = new Reader<Directory>(getDirectory);

  get value(): Directory {
    return this.#state.value ?? NOBODY;
  }

  follow(): () => void {
    void this.#state.read();
    return onHint((hint) => {
      if (hint.kind === 'state') void this.#state.read();
    });
  }
}
