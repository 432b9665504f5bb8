// What a view remembers between two windows: how a list was sorted, not what was in it.

export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(`beckon.${key}`, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}

/** What was kept, if `fits` recognises it. */
export function kept<T>(key: string, fits: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`beckon.${key}`) ?? 'null');
    return fits(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
