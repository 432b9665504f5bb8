import { callByLink, dismissLink, handLinkOn, joinByLink, linksState, mainWindowTouched } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { LinksState } from '../ipc/types';
import { Action } from './action.svelte';
import { Reader } from './reader.svelte';

/** Links from the system that wait for the person. */
export class Links {
  #state = new Reader<LinksState>(linksState);
  joining = new Action(async () => {
    const link = this.first;
    if (!link) return;
    await joinByLink(link.number);
    await this.#state.read();
  });

  calling = new Action(async () => {
    const link = this.first;
    if (!link) return;
    await callByLink(link.number);
    await this.#state.read();
  });

  handingOn = new Action(async () => {
    const link = this.first;
    if (!link) return;
    await handLinkOn(link.number);
    await this.#state.read();
  });

  get first() {
    return this.#state.value?.first ?? null;
  }

  get behind(): number {
    return this.#state.value?.behind ?? 0;
  }

  get more(): boolean {
    return this.#state.value?.more ?? false;
  }

  /** The person touched the window: it may come forward for the next link. */
  touched = async (): Promise<void> => {
    if (!this.#state.value?.raised) return;
    await mainWindowTouched().catch(() => undefined);
    await this.#state.read();
  };

  dismiss = async (): Promise<void> => {
    const link = this.first;
    this.joining.forget();
    this.calling.forget();
    this.handingOn.forget();
    if (link) await dismissLink(link.number).catch(() => undefined);
    await this.#state.read();
  };

  follow(): () => void {
    void this.#state.read();
    return onHint((hint) => {
      if (hint.kind === 'show') void this.#state.read();
    });
  }
}
