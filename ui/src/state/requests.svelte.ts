import { asApiError } from '../ipc/errors';
import { listRequests, placeOfRequest } from '../ipc/commands';
import { onHint } from '../ipc/events';
import type { ApiError, RequestPage, RequestQuery, RequestView, SortBy, UndeliveredMail, WaitingCreate } from '../ipc/types';
import { firstLookAwaits } from './first_look';
import { keep, kept } from './kept';

/** Rows are fetched in pages of this many, around what is on screen. */
export const PAGE = 100;

export type Filter = Pick<RequestQuery, 'scope' | 'text' | 'sort' | 'descending'>;

const PLAIN: Filter = { scope: 'all', text: '', sort: 'status', descending: false };
const SCOPES: readonly unknown[] = ['all', 'mine', 'my_queues', 'unassigned'];
const SORTS: readonly SortBy[] = ['status', 'recipient', 'agent', 'expires', 'changed'];

function isScope(value: unknown): boolean {
  return SCOPES.includes(value) || typeof (value as { queue?: unknown } | null)?.queue === 'string';
}

function isFilter(value: unknown): value is Filter {
  const filter = value as Partial<Filter> | null;
  return (
    typeof filter === 'object' &&
    filter !== null &&
    typeof filter.text === 'string' &&
    typeof filter.descending === 'boolean' &&
    isScope(filter.scope) &&
    SORTS.some((sort) => sort === filter.sort)
  );
}

/** The pages that hold the rows `first` to `last`. */
export function pagesFor(first: number, last: number): number[] {
  const from = Math.floor(Math.max(0, first) / PAGE);
  const to = Math.floor(Math.max(0, last) / PAGE);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/**
 * The list of session requests, of which only what is on screen is held. What was read stays on screen until
 * what replaces it is there.
 */
export class RequestList {
  filter = $state.raw<Filter>(kept('requests', isFilter) ?? PLAIN);
  total = $state(0);
  /** How many there are without any filter; none before the first answer. */
  unfiltered = $state<number | undefined>(undefined);
  /** The search found more than can be shown. */
  moreFound = $state(false);
  /** What was created here and is not at the service yet. */
  waiting = $state.raw<readonly WaitingCreate[]>([]);
  /** Mails of requests that are over, and so out of sight, which did not reach the recipient. */
  undelivered = $state.raw<readonly UndeliveredMail[]>([]);
  error = $state.raw<ApiError | null>(null);
  /** Where it stands is known, held or not: `null` if the list does not have it. */
  #sought = $state.raw<{ id: string; place?: number | null } | null>(null);
  #pages = $state.raw(new Map<number, RequestView[]>());
  #wanted: number[] = [0];
  #asked = new Set<number>();
  /** Answers to an older question are thrown away. */
  #turn = 0;
  #refreshing = false;
  #again = false;

  row(index: number): RequestView | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Where a request stands, if it is among what is held, or sought. */
  indexOf(id: string): number {
    for (const [page, rows] of this.#pages) {
      const index = rows.findIndex((row) => row.id === id);
      if (index >= 0) return page * PAGE + index;
    }
    return this.#sought?.id === id ? (this.#sought.place ?? -1) : -1;
  }

  /** Filter or search keep the sought request out of the list. */
  get hidesSought(): boolean {
    return this.#sought?.place === null;
  }

  /** Finds out where a request stands, now and whenever the list is read. */
  async seek(id: string | null): Promise<void> {
    this.#sought = id === null ? null : { id };
    const turn = this.#turn;
    const place = await this.#find(this.#sought).catch(() => undefined);
    if (turn === this.#turn) this.#found(id, place);
  }

  change(changes: Partial<Filter>): void {
    this.filter = { ...this.filter, ...changes };
    keep('requests', this.filter);
    this.#wanted = [0];
    this.#found(this.#sought?.id, undefined);
    this.#turn += 1;
    this.#again = this.#refreshing;
    void this.refresh();
  }

  /** These rows are on screen. */
  async show(first: number, last: number): Promise<void> {
    const pages = pagesFor(first, Math.min(last, Math.max(0, this.total - 1)));
    this.#wanted = pages;
    const missing = pages.filter((page) => !this.#pages.has(page) && !this.#asked.has(page));
    if (missing.length === 0) return;
    const turn = this.#turn;
    missing.forEach((page) => this.#asked.add(page));
    try {
      const answers = await this.#fetch(missing);
      if (turn === this.#turn) this.#take(answers, this.#pages);
    } catch (thrown) {
      if (turn === this.#turn) this.error = asApiError(thrown);
    } finally {
      missing.forEach((page) => this.#asked.delete(page));
    }
  }

  /** Reads what is on screen again; what is not is read when it is scrolled to. */
  async refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    this.#refreshing = true;
    do {
      this.#again = false;
      const turn = (this.#turn += 1);
      try {
        const sought = this.#sought;
        const [answers, place] = await Promise.all([this.#fetch(this.#wanted), this.#find(sought)]);
        if (turn !== this.#turn) continue;
        this.#take(answers, new Map());
        this.#found(sought?.id, place);
      } catch (thrown) {
        if (turn === this.#turn) this.error = asApiError(thrown);
      }
    } while (this.#again);
    this.#refreshing = false;
  }

  /** Reads now and on every hint, until the returned function is called. */
  follow(): () => void {
    firstLookAwaits(this.refresh());
    return onHint((hint) => {
      // The order may have changed with any of them, so the ids say nothing that could be skipped.
      if (hint.kind === 'requests' || hint.kind === 'state') void this.refresh();
    });
  }

  #fetch(pages: number[]): Promise<[number, RequestPage][]> {
    return Promise.all(
      pages.map(async (page): Promise<[number, RequestPage]> => {
        return [page, await listRequests({ ...this.filter, offset: page * PAGE, limit: PAGE })];
      }),
    );
  }

  #find(sought: { id: string } | null): Promise<number | null | undefined> {
    return sought ? placeOfRequest({ ...this.filter, offset: 0, limit: 0 }, sought.id) : Promise.resolve(undefined);
  }

  #found(id: string | null | undefined, place: number | null | undefined): void {
    if (this.#sought && this.#sought.id === id) this.#sought = { id, place };
  }

  #take(answers: [number, RequestPage][], onto: Map<number, RequestView[]>): void {
    const pages = new Map(onto);
    for (const [page, answer] of answers) {
      pages.set(page, answer.rows);
      this.total = answer.total;
      this.unfiltered = answer.unfiltered;
      this.moreFound = answer.more_found;
      this.waiting = answer.waiting;
      this.undelivered = answer.undelivered;
    }
    this.#pages = pages;
    this.error = null;
  }
}
