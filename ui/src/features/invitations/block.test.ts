import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const open = (scenario: string) => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  return { mock, user: userEvent.setup() };
};

const rows = async (part: string) => {
  await waitFor(() => expect(document.querySelector(`[data-part=${part}]`)).not.toBeNull());
  return [...document.querySelectorAll<HTMLElement>(`[data-part=${part}]`)];
};

beforeEach(() => localStorage.clear());

describe('who called', () => {
  it('is blocked from the row of the missed call, which goes', async () => {
    const { mock, user } = open('missed');
    await rows('missed');
    await user.click(screen.getByRole('button', { name: 'Block ben@acme' }));
    await waitFor(() => expect(called(mock, 'set_block')).toEqual([{ device: '731204885', blocked: true }]));
    await waitFor(async () => expect(await rows('missed')).toHaveLength(1));
    expect(screen.getByText(/^ben@acme is blocked/)).toBeVisible();
  });

  it('is blocked from what was before, once', async () => {
    const { mock, user } = open('introduced');
    Object.assign(mock.stage.world.introductions.invitations.find(({ state }) => state === 'rejected') ?? {}, { state: 'accepted' });
    await user.click(await screen.findByRole('link', { name: 'Recent' }));
    await user.click(await screen.findByRole('button', { name: /^Invitations and calls/ }));
    const region = within(await screen.findByRole('region', { name: 'Invitations and calls' }));
    expect(region.queryByRole('button', { name: /Block frontdesk@acme/ })).toBeNull();
    const [first] = region.getAllByRole('button', { name: 'Block ben@acme' });
    await user.click(first as HTMLElement);
    await waitFor(() => expect(called(mock, 'set_block')).toEqual([{ device: '731204885', blocked: true }]));
    await waitFor(() => expect(region.queryByRole('button', { name: 'Block ben@acme' })).toBeNull());
    expect(region.getByText('invited you, connecting')).toBeVisible();
  });
});
