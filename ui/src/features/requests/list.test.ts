import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const show = async (search = '') => {
  const mock = stage(search);
  render(App, { view: 'main', id: '' });
  await screen.findByText('Dana Fox', { selector: '[role=gridcell]' });
  const names = () => screen.getAllByRole('row').slice(1).map((row) => row.querySelector('.recipient')?.textContent);
  return { mock, user: userEvent.setup(), names };
};

describe('the filters', () => {
  it('show one queue, all of mine, or what nobody has', async () => {
    const { user, names } = await show();
    await user.click(screen.getByRole('button', { name: 'Queues' }));
    await user.click(await screen.findByText('Tier 1', { selector: '[role=menuitemradio]' }));
    await waitFor(() => expect(names()).toEqual(['Li Wei', 'Fatima Haddad']));
    expect(screen.getByRole('button', { name: 'Tier 1', pressed: true })).toHaveFocus();
    expect(screen.getByRole('radio', { name: 'All' })).not.toBeChecked();

    await user.click(screen.getByRole('button', { name: 'Tier 1' }));
    await user.click(await screen.findByText('Field service', { selector: '[role=menuitemradio]' }));
    expect(await screen.findByText('Nothing is in this queue')).toBeVisible();

    await user.click(screen.getByRole('radio', { name: 'Unassigned' }));
    await waitFor(() => expect(names()).toEqual(['Amara Okafor', 'Søren Lindqvist', 'Yuki Tanaka', 'Mateus Silva']));
    expect(screen.getByRole('button', { name: 'Queues', pressed: false })).toBeVisible();
  });

  it('are kept, a queue too', async () => {
    const { user, names } = await show();
    await user.click(screen.getByRole('button', { name: 'Queues' }));
    await user.click(await screen.findByText('My queues', { selector: '[role=menuitemradio]' }));
    await waitFor(() => expect(names()).toHaveLength(2));
    expect(JSON.parse(localStorage.getItem('beckon.requests') ?? '{}')).toMatchObject({ scope: 'my_queues' });
  });

  it('say that a search found more than is shown', async () => {
    const { user } = await show('?scenario=many&count=3000');
    await user.type(screen.getByRole('searchbox'), 'a');
    expect(await screen.findByText(/^More was found. These are the 1,000/)).toBeVisible();
  });
});

describe('a row', () => {
  it('says when it is meant to happen, and for which queue', async () => {
    await show();
    const row = screen.getByText('Fatima Haddad').closest<HTMLElement>('[role=row]') as HTMLElement;
    expect(within(row).getByText(/^tomorrow /)).toBeVisible();
    expect(within(row).getByText('Tier 1')).toBeVisible();
  });
});

describe('the outbox', () => {
  it('shows what waits, whose it is and why it was refused', async () => {
    await show('?scenario=outbox');
    const outbox = screen.getByRole('list', { name: 'Waiting to be sent' });
    expect(within(outbox).getByText(/It goes as soon as the service can take it/)).toBeVisible();
    expect(within(outbox).getByText(/It goes when Priya Nair is signed in here/)).toBeVisible();
    expect(within(outbox).getByRole('alert')).toHaveTextContent('That time has passed');
  });

  it('tries again what was refused, and discards only after it has asked', async () => {
    const { mock, user } = await show('?scenario=outbox');
    await user.click(screen.getByRole('button', { name: 'Try again to create the request for Emre Yıldız' }));
    await waitFor(() => expect(called(mock, 'retry_create')).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Discard the request for Grace Hopper' }));
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('What was entered is lost.');
    expect(called(mock, 'discard_create')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(screen.queryByText('Grace Hopper')).toBeNull());
  });

  it('takes what is created while the service is out of reach, and says so in the details', async () => {
    const { user } = await show('?scenario=offline');
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Ada Lovelace{Enter}');
    const outbox = await screen.findByRole('list', { name: 'Waiting to be sent' });
    expect(within(outbox).getByText('Ada Lovelace')).toBeVisible();
    expect(await screen.findByText(/It gets its link as soon as the service has it/)).toBeVisible();
  });
});

describe('the language', () => {
  it('is that of the settings, everywhere and at once', async () => {
    const { user } = await show();
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    const settings = await screen.findByRole('dialog', { name: 'Settings' });
    await user.click(within(settings).getByRole('radio', { name: 'Deutsch' }));
    await waitFor(() => expect(document.documentElement.lang).toBe('de'));
    expect(within(settings).getByText('Einstellungen')).toBeVisible();
    expect(screen.getByText('Hell')).toBeVisible();
  });
});
