import { asApiError } from '../ipc/errors';
import type { ApiError } from '../ipc/types';

/**
 * Something a person does. While it runs its button is busy and a second press does nothing; what it changes
 * comes back through hints, never from here.
 */
export class Action<A extends unknown[]> {
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);
  #act: (...args: A) => Promise<unknown>;

  constructor(act: (...args: A) => Promise<unknown>) {
    this.#act = act;
  }

  /** Whether it was done. */
  run = async (...args: A): Promise<boolean> => {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await this.#act(...args);
      return true;
    } catch (thrown) {
      this.error = asApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  };

  forget(): void {
    this.error = null;
  }
}
