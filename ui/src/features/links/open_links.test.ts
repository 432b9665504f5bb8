import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const QUESTION = /^Open beckon: and anydesk: links with Beckon\?$/;

const start = (search: string) => {
  const mock = stage(search);
  render(App, { view: 'main', id: '' });
  return { mock, user: userEvent.setup() };
};

const asked = () => screen.findByRole('region', { name: QUESTION });
const isGone = () => waitFor(() => expect(document.querySelector('[data-part=links-question]')).toBeNull());

describe('the question who opens links', () => {
  it('names the links and the program that opens them today, and takes nothing by itself', async () => {
    const { mock } = start('?scenario=signed-out&ask=links');
    const question = await asked();
    expect(question).toHaveTextContent('anydesk: links are opened by AnyDesk today.');
    expect(question).not.toHaveTextContent('beckon: links are opened by');
    expect(called(mock, 'open_links')).toEqual([]);
  });

  it('stands beside everything else and takes no focus', async () => {
    const { user } = start('?scenario=agent&ask=links');
    await asked();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.body).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    expect(await screen.findByRole('dialog', { name: 'Settings' })).toBeVisible();
  });

  it('is answered with the keyboard, and then gone', async () => {
    const { mock, user } = start('?scenario=first-start&ask=links');
    const open = within(await asked()).getByRole('button', { name: 'Open links with Beckon' });
    while (document.activeElement !== open) await user.tab();
    await user.keyboard('{Enter}');
    await isGone();
    expect(mock.stage.world.computer.schemes.map(({ holder }) => holder.who)).toEqual(['us', 'us']);
    expect(mock.stage.world.computer.schemes[1]?.former).toBe('AnyDesk');
  });

  it('is left with Not now, and nothing is taken', async () => {
    const { mock, user } = start('?scenario=agent&ask=links');
    await user.click(within(await asked()).getByRole('button', { name: 'Not now' }));
    await isGone();
    expect(called(mock, 'open_links')).toEqual([]);
    expect(mock.stage.world.computer.schemes.map(({ holder }) => holder.who)).toEqual(['nobody', 'another']);
  });

  it('is gone once the person decides in the settings', async () => {
    const { user } = start('?scenario=agent&ask=links');
    await asked();
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    const dialog = await screen.findByRole('dialog', { name: 'Settings' });
    await user.click((await within(dialog).findAllByRole('button', { name: 'Use Beckon' }))[0] as HTMLElement);
    await isGone();
  });

  it('leads to the page of the system for what only the person can choose', async () => {
    const { mock, user } = start('?scenario=person-chooses&ask=links');
    await user.click(within(await asked()).getByRole('button', { name: 'Open links with Beckon' }));
    expect(await screen.findByText(/On the page that has opened, choose Beckon for anydesk\./)).toBeVisible();
    expect(called(mock, 'open_default_apps_settings')).toEqual([{ ofBeckon: true }]);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    await isGone();
  });

  it('stays where the system refuses, and says so', async () => {
    const { mock, user } = start('?scenario=agent&ask=links');
    const question = await asked();
    mock.stage.world.fails = 'system_refused';
    await user.click(within(question).getByRole('button', { name: 'Open links with Beckon' }));
    expect(await within(question).findByRole('alert')).toHaveTextContent(/in the system's own settings/);
    expect(within(question).getByRole('button', { name: 'Not now' })).toBeVisible();
  });

  it('is not asked where it was answered', async () => {
    const { mock } = start('?scenario=agent');
    await waitFor(() => expect(called(mock, 'links_question')).not.toEqual([]));
    await isGone();
  });
});
