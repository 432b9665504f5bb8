import { copyText } from '../ipc/commands';
import { notices } from './notices.svelte';

const SHOWN_MS = 1_600;

/** Copies a text and says so, quietly, where it was pressed. */
export class Copier {
  copied = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  copy = async (text: string): Promise<void> => {
    try {
      await copyText(text);
    } catch (thrown) {
      notices.problem(thrown);
      return;
    }
    clearTimeout(this.#timer);
    this.copied = true;
    this.#timer = setTimeout(() => {
      this.copied = false;
    }, SHOWN_MS);
  };
}
