import { appState } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { AppState } from '../ipc/types';
import { clock } from './clock.svelte';
import { speak } from '../words/language.svelte';
import { call } from '../words/program.svelte';
import { keep, kept } from './kept';
import { Reader } from './reader.svelte';

const isTime = (value: unknown): value is number => typeof value === 'number';

/** The state of the whole client, re-read on every hint about it. */
export class Client {
  #state = new Reader<AppState>(appState);
  /** When the service was last heard, by this window or the one before it. */
  heardAt = $state<number | undefined>(kept('heard_at', isTime));

  get app(): AppState | undefined {
    return this.#state.value;
  }

  get error() {
    return this.#state.error;
  }

  get home() {
    return this.app?.home ?? null;
  }

  get account() {
    return this.home?.account ?? null;
  }

  /** Signing in, and session requests: a custom client may be without. */
  get hasRequests(): boolean {
    return this.app?.custom?.features.session_requests !== false;
  }

  get online(): boolean {
    return this.home?.reach === 'online';
  }

  async read(): Promise<void> {
    const wasOnline = this.online;
    await this.#state.read();
    if (this.app) {
      speak(this.app.language);
      call(this.app.custom?.name);
    }
    if (this.home) clock.setAhead(this.home.clock_ahead_s);
    if (wasOnline || this.online) {
      this.heardAt = clock.now;
      keep('heard_at', this.heardAt);
    }
  }

  /** Reads now and on every hint, until the returned function is called. */
  follow(): () => void {
    void this.read();
    return onHint((hint) => {
      if (hint.kind === 'state' || hint.kind === 'question') void this.read();
    });
  }
}
