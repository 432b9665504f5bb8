import { listRequests } from '../ipc/commands';
import type { RequestView } from '../ipc/types';

const TYPING_MS = 80;
const MOST = 8;

/** A few requests that match what is being typed. An answer to an older question is thrown away. */
export class Finder {
  found = $state.raw<readonly RequestView[]>([]);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  find(text: string): void {
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    if (!text.trim()) {
      this.found = [];
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(text, turn), TYPING_MS);
  }

  async #ask(text: string, turn: number): Promise<void> {
    const query = { scope: 'all', text, sort: 'status', descending: false, offset: 0, limit: MOST } as const;
    const rows = await listRequests(query).then((page) => page.rows, () => []);
    if (turn === this.#turn) this.found = rows;
  }
}
