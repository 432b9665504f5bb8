import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { stage } from '../../../tests/stage';
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
