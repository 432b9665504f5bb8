import type { ApiError } from './types';

/** Whatever a command rejected with, as the one shape of error. What is not of that shape is a bug of ours. */
export function asApiError(thrown: unknown): ApiError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code, params, trace } = thrown as Partial<ApiError>;
    if (typeof code === 'string') return { code, params: params ?? {}, trace: trace ?? '' };
  }
  return { code: 'internal', params: {}, trace: '' };
}
