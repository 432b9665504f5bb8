// The fake client, without its waiting.
import { type Mock, mockTransport } from '../src/ipc/mock';
import { useTransport } from '../src/ipc/transport';

export function stage(search = ''): Mock {
  const mock = mockTransport(search, 0);
  useTransport(mock);
  return mock;
}

/** The arguments of every call of a command so far. */
export function called(mock: Mock, command: string): Record<string, unknown>[] {
  return mock.calls.filter((call) => call.command === command).map((call) => call.args);
}
