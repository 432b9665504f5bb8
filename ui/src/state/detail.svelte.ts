import { getRequest, requestHistory, requestLink } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { HistoryEntry, RequestId, RequestLink, RequestView } from '../ipc/types';
import { Reader } from './reader.svelte';

export const isOver = (request: RequestView): boolean => request.status === 'closed' || request.status === 'expired';

/** One request with what only its detail pane shows: the link, and what has happened. */
export class Detail {
  readonly id: RequestId;
  #request: Reader<RequestView | null>;
  link: Reader<RequestLink>;
  history: Reader<HistoryEntry[]>;
  /** The number of the link that was read. */
  #linkOf: number | undefined;

  constructor(id: RequestId) {
    this.id = id;
    this.#request = new Reader(() => getRequest(id));
    this.link = new Reader(() => requestLink(id));
    this.history = new Reader(() => requestHistory(id));
  }

  /** `undefined` before the first answer, `null` if there is no such request (any more). */
  get request(): RequestView | null | undefined {
    return this.#request.value;
  }

  get error() {
    return this.#request.error;
  }

  async read(): Promise<void> {
    await this.#request.read();
    const request = this.request;
    if (!request) return;
    void this.history.read();
    if (isOver(request)) {
      this.#linkOf = undefined;
    } else if (this.#linkOf !== request.link || this.link.error) {
      this.#linkOf = request.link;
      void this.link.read();
    }
  }

  follow(): () => void {
    void this.read();
    return onHint((hint) => {
      if (hint.kind === 'state') void this.read();
      if (hint.kind === 'requests' && (hint.ids.length === 0 || hint.ids.includes(this.id))) void this.read();
    });
  }
}
