import { Action } from './action.svelte';

/** A field that is changed where it stands. What was typed stays when it is refused. */
export class Edit<T extends object> {
  draft = $state<T | null>(null);
  readonly saving: Action<[T]>;
  #begin: () => T;

  constructor(begin: () => T, save: (draft: T) => Promise<unknown>) {
    this.#begin = begin;
    this.saving = new Action(save);
  }

  begin = (): void => {
    this.saving.forget();
    this.draft = this.#begin();
  };

  leave = (): void => {
    this.draft = null;
    this.saving.forget();
  };

  /** Whether it was saved. */
  save = async (): Promise<boolean> => {
    if (!this.draft || !(await this.saving.run($state.snapshot(this.draft) as T))) return false;
    this.leave();
    return true;
  };
}
