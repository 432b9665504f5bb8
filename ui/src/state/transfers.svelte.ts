import { fileOffers, hostFolder, transfers } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { OfferView, SessionId, TransferView } from '../ipc/types';
import { Reader } from './reader.svelte';

/** What changes with the files of one session. */
class OfSession<T> {
  readonly id: SessionId;
  #views: Reader<T[]>;

  constructor(id: SessionId, read: (id: SessionId) => Promise<T[]>) {
    this.id = id;
    this.#views = new Reader(() => read(id));
  }

  get views(): readonly T[] {
    return this.#views.value ?? [];
  }

  follow(): () => void {
    void this.#views.read();
    return onHint((hint) => {
      if (hint.kind === 'files' && hint.id === this.id) void this.#views.read();
    });
  }
}

/** The transfers of one session, on either side; the newest first. */
export class Transfers extends OfSession<TransferView> {
  constructor(id: SessionId) {
    super(id, transfers);
  }
}

/** What the host's person offers in one session, to its viewer; the oldest first. */
export class Offers extends OfSession<OfferView> {
  constructor(id: SessionId) {
    super(id, fileOffers);
  }
}

/** The folder of this computer that a viewer's files land in, and all that a viewer sees. */
export class HostFolder {
  #path = new Reader(hostFolder);

  /** `undefined` before the first answer, `null` if none is chosen. */
  get path(): string | null | undefined {
    return this.#path.value;
  }

  follow(): () => void {
    void this.#path.read();
    return onHint((hint) => {
      if (hint.kind === 'state') void this.#path.read();
    });
  }
}
