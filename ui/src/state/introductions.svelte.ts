import { introductionsState } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { IntroductionsState, InvitationState } from '../ipc/types';
import { keep, kept } from './kept';
import { Reader } from './reader.svelte';

/** What the dialog is about: somebody to invite, or an invitation that was sent. */
export type Inviting = { to: string } | { sent: InvitationState };

const DISMISSED_AT_MOST = 200;
const areIds = (value: unknown): value is string[] => Array.isArray(value) && value.every((id) => typeof id === 'string');

/** Invitations and calls, re-read on every hint about them, and what the person is doing with them. */
export class Introductions {
  #state = new Reader<IntroductionsState>(introductionsState);
  #dismissed = $state.raw<readonly string[]>(kept('dismissed', areIds) ?? []);
  /** None: no dialog is open. */
  inviting = $state.raw<Inviting | null>(null);

  /** `undefined` before the first answer. */
  get value(): IntroductionsState | undefined {
    return this.#state.value;
  }

  read = (): Promise<void> => this.#state.read();

  follow(): () => void {
    void this.read();
    return onHint((hint) => {
      if (hint.kind === 'introductions' || hint.kind === 'state') void this.read();
    });
  }

  /** `to`: an ID or alias, as it would be typed. */
  invite = (to = ''): void => {
    this.inviting = { to };
  };

  edit = (sent: InvitationState): void => {
    this.inviting = { sent };
  };

  /** How it went was read. */
  dismiss = (id: string): void => {
    this.#dismissed = [id, ...this.#dismissed].slice(0, DISMISSED_AT_MOST);
    keep('dismissed', this.#dismissed);
  };

  isDismissed = (id: string): boolean => this.#dismissed.includes(id);
}
