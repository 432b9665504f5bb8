import { readyRequests } from '../ipc/commands';
import { onHint } from '../ipc/events';
import { Reader } from './reader.svelte';

/** How many requests wait for whoever is signed in to connect. */
export class Ready {
  #count = new Reader<number>(readyRequests);

  get count(): number {
    return this.#count.value ?? 0;
  }

  follow(): () => void {
    void this.#count.read();
    return onHint((hint) => {
      if (hint.kind === 'requests' || hint.kind === 'state') void this.#count.read();
    });
  }
}
