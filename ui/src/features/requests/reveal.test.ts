import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { keep } from '../../state/kept';

const show = async (filter: object) => {
  keep('requests', { scope: 'all', text: '', sort: 'status', descending: false, ...filter });
  const mock = stage('?scenario=many&count=2000');
  render(App, { view: 'main', id: '' });
  await screen.findAllByRole('gridcell');
  return { mock, user: userEvent.setup() };
};

const selected = () =>
  waitFor(() => {
    const row = document.querySelector<HTMLElement>('[role=row][aria-selected=true]');
    if (!row) throw new Error('no row is selected');
    return row;
  });

describe('a request outside of the pages that are held', () => {
  it('is selected and in sight once it was created', async () => {
    const { user } = await show({ sort: 'recipient' });
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Zoë Zimmer{Enter}');
    const row = await selected();
    expect(row).toHaveTextContent('Zoë Zimmer');
    expect(row.dataset.index).toBe('2000');
    expect(row.tabIndex).toBe(0);
    expect(document.querySelector('[data-part=rows]')?.scrollTop).toBeGreaterThan(60_000);
  });

  it('is in sight once it was shown from elsewhere, and again after it was scrolled away', async () => {
    const { mock, user } = await show({});
    const { id, recipient } = mock.stage.world.requests.at(-1) ?? { id: '', recipient: '' };
    const shown = async () => {
      await user.keyboard('{Control>}k{/Control}');
      await user.type(await screen.findByRole('combobox'), recipient);
      await user.click(await screen.findByText(recipient, { selector: '.name' }));
      await waitFor(() => expect(document.querySelector('[data-part=rows]')?.scrollTop).toBeGreaterThan(0));
      expect((await selected()).dataset.id).toBe(id);
    };
    await shown();
    const rows = document.querySelector<HTMLElement>('[data-part=rows]');
    rows?.scrollTo({ top: 0 });
    await waitFor(() => expect(rows?.scrollTop).toBe(0));
    await shown();
  });

  it('is shown although the filter hides it, which is said and can be changed', async () => {
    const { user } = await show({ scope: 'unassigned' });
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Zoë Zimmer{Enter}');
    const detail = await screen.findByRole('region', { name: /Zoë Zimmer/ });
    expect(await within(detail).findByText(/does not fit the filter or the search/)).toBeVisible();
    expect(document.querySelector('[role=row][aria-selected=true]')).toBeNull();
    await user.click(within(detail).getByRole('button', { name: 'Show all requests' }));
    expect(await selected()).toHaveTextContent('Zoë Zimmer');
    expect(within(detail).queryByText(/does not fit the filter/)).toBeNull();
    expect(screen.getByRole('radio', { name: 'All' })).toBeChecked();
  });

  it('is said to be hidden as soon as a search hides it', async () => {
    const { user } = await show({});
    await user.click(await screen.findByText('Dana Fox', { selector: '[role=gridcell]' }));
    const detail = await screen.findByRole('region', { name: /Dana Fox/ });
    expect(within(detail).queryByText(/does not fit the filter/)).toBeNull();
    await user.type(screen.getByRole('searchbox'), 'Ingrid Berg');
    expect(await within(detail).findByText(/does not fit the filter or the search/)).toBeVisible();
  });
});
