// The fake client, without its waiting.
import { screen, waitFor } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';

import { type Mock, mockTransport } from '../src/ipc/mock';
import { useTransport } from '../src/ipc/transport';
import { load } from '../src/views/pages';
import { WINDOWS } from '../src/views/windows';

await Promise.all(WINDOWS.map(load));

export function stage(search = ''): Mock {
  const mock = mockTransport(search, 0);
  useTransport(mock);
  return mock;
}

/** Presses it the moment it is there: a search by role takes longer than some things stand still. */
export async function pressesAtOnce(part: string): Promise<void> {
  const found = await waitFor(() => {
    const button = document.querySelector<HTMLElement>(`[data-part=${part}]`);
    if (!button) throw new Error(`there is no ${part}`);
    return button;
  });
  found.click();
}

/** Opens a list, and takes what it offers under that name. */
export async function picks(user: UserEvent, list: HTMLElement, name: string): Promise<void> {
  await user.click(list);
  // Without sizes nothing is placed, and what has no place has no name.
  await user.click(await screen.findByText(name, { selector: '[role=option] *' }));
}

/** The arguments of every call of a command so far. */
export function called(mock: Mock, command: string): Record<string, unknown>[] {
  return mock.calls.filter((call) => call.command === command).map((call) => call.args);
}
