// What a window waits for before it is shown: then it is painted once, and with what the cache has.

/** Whatever is slower comes into a window that is there. */
const LONGEST_MS = 150;

let awaited: Promise<unknown>[] | undefined = [];

/** The window is not shown before this has come, or took long; the first look only. */
export function firstLookAwaits(first: Promise<unknown>): void {
  awaited?.push(first);
}

export async function firstLook(): Promise<void> {
  const all = awaited ?? [];
  awaited = undefined;
  if (all.length === 0) return;
  await Promise.race([Promise.allSettled(all), new Promise((enough) => setTimeout(enough, LONGEST_MS))]);
}
