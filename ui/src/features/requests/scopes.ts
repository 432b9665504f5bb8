import type { Scope } from '../../ipc/types';

export const isQueue = (scope: Scope): scope is { queue: string } => typeof scope === 'object';

export const isSame = (one: Scope, other: Scope): boolean =>
  isQueue(one) && isQueue(other) ? one.queue === other.queue : one === other;
