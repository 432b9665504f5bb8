// One sentence for every code: what happened, and what to do next.
import type { ApiError, Code, StatusName } from '../ipc/types';
import { ahead, span } from './times';
import { isWord, t, type WordKey } from './words';

export function errorText(error: ApiError, now: number = Date.now()): string {
  const key: WordKey = isWord(`error.${error.code}`) ? `error.${error.code}` : 'error.internal';
  const { params } = error;
  const field = `field.${params.field ?? 'other'}`;
  const status = `status.${params.status as StatusName}`;
  return t(key, {
    ...params,
    field: t(isWord(field) ? field : 'field.other'),
    status: isWord(status) ? t(status) : t('common.unknown'),
    name: params.name ?? t('common.unknown'),
    time: span(Number(params.retry_after_s ?? 60) * 1000),
    when: whenText(params.ask_again_at ?? params.opens_at, now),
  });
}

/** What the service's log has a line about; a refusal is no news to whoever runs it. */
const LOGGED: readonly Code[] = ['internal', 'unavailable'];

/** By which that line is found, for the person to pass on. The end of the number is enough; it begins with the time. */
export const reference = ({ code, trace }: ApiError): string =>
  trace && LOGGED.includes(code) ? t('common.trace', { trace: trace.slice(-8) }) : '';

export const withReference = (error: ApiError, now: number): string => `${errorText(error, now)} ${reference(error)}`.trim();

function whenText(at: string | undefined, now: number): string {
  const time = Date.parse(at ?? '');
  return Number.isNaN(time) ? t('time.now') : ahead(now, time);
}
