import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

/** Opens it, and waits until it listens. */
const summon = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.keyboard('{Control>}k{/Control}');
  const palette = await screen.findByRole('dialog', { name: 'Find a request, a contact or a command' });
  await waitFor(() => expect(within(palette).getByRole('combobox')).toHaveFocus());
  return palette;
};

const open = async (scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await screen.findByRole('button', { name: /^Find/ });
  const palette = await summon(user);
  const items = () => within(palette).getAllByRole('option').map((item) => item.textContent?.trim());
  return { mock, user, palette, items };
};

describe('the command palette', () => {
  it('finds any request, and goes on in its details', async () => {
    const { user, palette } = await open();
    await user.keyboard('joao');
    await waitFor(() => expect(within(palette).queryByText('João Prado')).toBeNull());
    await user.clear(within(palette).getByRole('combobox'));
    await user.keyboard('prado');
    expect(await within(palette).findByText('João Prado')).toBeVisible();
    await user.keyboard('{Enter}');
    const detail = await screen.findByRole('region', { name: /request for João Prado/ });
    await waitFor(() => expect(detail).toHaveFocus());
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('does what is chosen: a new request, a filter, a theme, a language', async () => {
    const { mock, user } = await open();
    await user.keyboard('new req{Enter}');
    expect(await screen.findByRole('dialog', { name: 'New session request' })).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText('Recipient name')).toHaveFocus());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

    await summon(user);
    await user.keyboard('show tier 1{Enter}');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Tier 1', pressed: true })).toBeVisible());

    await summon(user);
    await user.keyboard('theme dark{Enter}');
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));

    await summon(user);
    await user.keyboard('deutsch{Enter}');
    await waitFor(() => expect(document.documentElement.lang).toBe('de'));
    expect(await screen.findByRole('button', { name: 'Neue Anfrage' })).toBeVisible();
    expect(called(mock, 'set_preferences')).toHaveLength(2);
  });

  it('gives the focus back when it is left', async () => {
    const mock = stage();
    render(App, { view: 'main', id: '' });
    const user = userEvent.setup();
    const search = await screen.findByRole('searchbox');
    await user.click(search);
    await summon(user);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(search).toHaveFocus());
    expect(called(mock, 'set_preferences')).toEqual([]);
  });

  it('offers a viewer nothing to create, and nobody signed in no requests', async () => {
    const { items } = await open('viewer');
    expect(items().join()).not.toContain('New request');
  });

  it('offers to sign in where nobody is signed in', async () => {
    stage('?scenario=signed-out');
    render(App, { view: 'main', id: '' });
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: /^Find/ }));
    const palette = await screen.findByRole('dialog');
    await waitFor(() => expect(within(palette).getByRole('combobox')).toHaveFocus());
    expect(within(palette).queryByText(/^Show: (Requests|All|Mine)$/)).toBeNull();
    await user.keyboard('sign{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Sign in' })).toBeVisible();
  });

  it('finds a contact by name or ID, and calls them', async () => {
    const { mock, user, palette } = await open();
    await user.keyboard('731 204');
    const contact = await within(palette).findByRole('option', { name: /^Dana Fox/ });
    expect(within(palette).getAllByText('Dana Fox')).toHaveLength(1);
    await waitFor(() => expect(contact).toHaveAttribute('data-selected'));
    expect(called(mock, 'call')).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(mock, 'call')).toEqual([{ target: '731 204 885' }]));
  });

  it('calls nobody by the name of a command', async () => {
    const { mock, user } = await open();
    for (const tile of mock.stage.world.tiles.address_book) tile.note = 'New laptop';
    mock.stage.hint({ kind: 'tiles' });
    await user.keyboard('new{Enter}');
    expect(await screen.findByRole('dialog', { name: 'New session request' })).toBeVisible();
    expect(called(mock, 'call')).toEqual([]);
  });

  it('says when nothing matches', async () => {
    const { user } = await open();
    await user.keyboard('zzzz');
    expect(await screen.findByText(/Nothing matches/)).toBeVisible();
  });
});
