import { permissionProfiles } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { OwnProfile, PermissionProfiles } from '../ipc/types';
import { Reader } from './reader.svelte';

/** The person's own permission profiles, and what a custom client keeps as it is. */
export class Profiles {
  #state = new Reader<PermissionProfiles>(permissionProfiles);

  get own(): readonly OwnProfile[] {
    return this.#state.value?.own ?? [];
  }

  get lock() {
    return this.#state.value?.lock ?? null;
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
