import { hotKeysState } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { HotKeysState } from '../ipc/types';
import { Reader } from './reader.svelte';

/** The keys that work in whatever program the person is. */
export class HotKeys {
  #state = new Reader<HotKeysState>(hotKeysState);

  get value(): HotKeysState | undefined {
    return this.#state.value;
  }

  get error() {
    return this.#state.error;
  }

  follow(): () => void {
    void this.#state.read();
    return onHint((hint) => {
      if (hint.kind === 'state') void this.#state.read();
    });
  }
}
