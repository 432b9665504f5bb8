import { asApiError } from '../ipc/errors';
import type { ApiError } from '../ipc/types';

/**
 * Something that is read, and read again when a hint says so. A read that is asked for while one runs begins
 * after it, so that what is shown at the end was read after the last hint. The last value stays while it reads.
 */
export class Reader<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state.raw<ApiError | null>(null);
  #read: () => Promise<T>;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  read(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#readUntilQuiet().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #readUntilQuiet(): Promise<void> {
    do {
      this.#again = false;
      try {
        this.value = await this.#read();
        this.error = null;
      } catch (thrown) {
        this.error = asApiError(thrown);
      }
    } while (this.#again);
  }
}
