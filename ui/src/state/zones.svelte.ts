// How far clocks are ahead of UTC, as the service reckons. A web view may come with older tables than the service,
// and then a time that is typed would mean another one here than there.
import { zoneClocks } from '../ipc/commands';

interface Shift {
  from: number;
  aheadMs: number;
}

class Zones {
  #shifts = $state.raw<ReadonlyMap<string, readonly Shift[]>>(new Map());

  #reading: Promise<void> | undefined;

  /**
   * Where somebody types a time: it is much, and whoever only reads the list must not wait for it. Until then, and
   * without an answer, the web view's tables stand in.
   */
  async read(): Promise<void> {
    this.#reading ??= this.#ask().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #ask(): Promise<void> {
    const clocks = await zoneClocks().catch(() => []);
    this.#shifts = new Map(clocks.map(({ zone, shifts }) => [zone, shifts.map(({ from, ahead_seconds }) => ({ from: Date.parse(from), aheadMs: ahead_seconds * 1_000 }))]));
  }

  /** None of what nobody said: another zone, the distant past. */
  ahead(at: number, zone: string): number | undefined {
    return this.#shifts.get(zone)?.findLast(({ from }) => from <= at)?.aheadMs;
  }
}

export const zones = new Zones();
