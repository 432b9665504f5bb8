// The one seam between the window and whatever answers it: the client, or the fake one in `mock`.
import type { Hint } from './types';

export interface Transport {
  invoke<T>(command: string, args?: Record<string, unknown>): Promise<T>;
  /** Calls back for every hint until the returned function is called. */
  listen(heard: (hint: Hint) => void): Promise<() => void>;
}

let current: Transport | undefined;

export function useTransport(transport: Transport): void {
  current = transport;
}

export function transport(): Transport {
  if (!current) throw new Error('useTransport() comes first');
  return current;
}
