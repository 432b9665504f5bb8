import { lookAtTiles, tilesState } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { Target, Tiles } from '../ipc/types';
import { Reader } from './reader.svelte';

/** Everyone this client knows, re-read on every hint about them. */
export class AllTiles {
  #state = new Reader<Tiles>(tilesState);

  /** `undefined` before the first answer. */
  get value(): Tiles | undefined {
    return this.#state.value;
  }

  get error() {
    return this.#state.error;
  }

  read = (): Promise<void> => this.#state.read();

  follow(): () => void {
    void this.read();
    return onHint((hint) => {
      if (hint.kind === 'tiles' || hint.kind === 'state') void this.read();
    });
  }
}

const LOOK_EVERY_MS = 30_000;
const SCROLLING_MS = 150;
const LOOK_AT_MOST = 200;

/** Has the client ask who is there, among the tiles in sight and only while somebody can see them. */
export class Looking {
  #seen: Target[] = [];
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** What is in sight now. */
  see(targets: readonly Target[]): void {
    const seen = targets.slice(0, LOOK_AT_MOST);
    if (JSON.stringify(seen) === JSON.stringify(this.#seen)) return;
    this.#seen = seen;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(this.#look, SCROLLING_MS);
  }

  follow(): () => void {
    const every = setInterval(this.#look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', this.#look);
    return () => {
      clearInterval(every);
      clearTimeout(this.#soon);
      document.removeEventListener('visibilitychange', this.#look);
    };
  }

  #look = (): void => {
    if (document.hidden || this.#seen.length === 0) return;
    // A mark that is not known is not shown; nobody has to be told.
    void lookAtTiles(this.#seen).catch(() => undefined);
  };
}
