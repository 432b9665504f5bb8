import { asApiError } from '../ipc/errors';
import { errorText, reference } from '../words/errors';
import { clock } from './clock.svelte';

export interface Notice {
  kind: 'note' | 'problem';
  text: string;
  /** What a person can pass on. */
  reference?: string;
}

const NOTE_STAYS_MS = 4_000;

/** The one line at the bottom of a window that answers an act which has no place of its own to answer. */
class Notices {
  current = $state.raw<Notice | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  note(text: string): void {
    this.#show({ kind: 'note', text });
    this.#timer = setTimeout(() => this.dismiss(), NOTE_STAYS_MS);
  }

  /** Stays until it is dismissed or replaced: a problem that vanishes was not told. */
  problem(thrown: unknown): void {
    const error = asApiError(thrown);
    this.#show({ kind: 'problem', text: errorText(error, clock.now), reference: reference(error) });
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }

  #show(notice: Notice): void {
    clearTimeout(this.#timer);
    this.current = notice;
  }
}

export const notices = new Notices();
