import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const show = async (over: string[]) => {
  const mock = stage();
  for (const row of mock.stage.world.requests.filter(({ recipient }) => over.includes(recipient))) {
    Object.assign(row, { agent: row.created_by, status: 'closed', mail: { state: 'failed', at: row.changed_at, problem: 'refused' } });
  }
  render(App, { view: 'main', id: '' });
  await screen.findByText('Ingrid Berg', { selector: '[role=gridcell]' });
  return { mock, user: userEvent.setup() };
};

const FAILED = /could not be sent, and the request is over|are over whose last email could not be sent/;

describe('mail that failed', () => {
  it('of a request that is over is told of above the list until somebody has looked', async () => {
    const { mock, user } = await show(['Chloé Moreau']);
    expect(await screen.findByText('The last email to Chloé Moreau could not be sent, and the request is over.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show' }));
    const detail = await screen.findByRole('region', { name: /Chloé Moreau/ });
    expect(await within(detail).findByText(/Could not be sent\. The mail server refused it/)).toBeVisible();
    await waitFor(() => expect(screen.queryByText(FAILED)).toBeNull());
    expect(called(mock, 'undelivered_is_seen')).toHaveLength(1);
  });

  it('of several is shown one after the other, or dismissed at once', async () => {
    const { user } = await show(['Chloé Moreau', 'Li Wei', 'Dana Fox']);
    expect(await screen.findByText(/^3 requests are over/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(await screen.findByText(/^2 requests are over/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByText(FAILED)).toBeNull());
  });

  it('of a live request is seen in its row', async () => {
    await show([]);
    expect(screen.queryByText(FAILED)).toBeNull();
    const row = screen.getByText('João Prado').closest<HTMLElement>('[role=row]') as HTMLElement;
    expect(within(row).getByLabelText('The last email could not be sent')).toBeInTheDocument();
  });
});

describe('the side bar', () => {
  it('counts the requests that are ready, beside their name', async () => {
    const { mock } = await show([]);
    const link = screen.getByRole('link', { name: 'Requests' });
    await waitFor(() => expect(link).toHaveAccessibleDescription('1 is ready'));
    expect(link).toHaveAccessibleName('Requests');
    const waiting = mock.stage.world.requests.filter(({ recipient }) => recipient === 'Li Wei');
    for (const row of waiting) Object.assign(row, { agent: row.created_by, status: 'ready' });
    mock.stage.hint({ kind: 'requests', ids: [] });
    await waitFor(() => expect(link).toHaveAccessibleDescription('2 are ready'));
    expect(within(link).getByText('2')).toBeVisible();
    for (const row of mock.stage.world.requests) row.status = 'open';
    mock.stage.hint({ kind: 'requests', ids: [] });
    await waitFor(() => expect(link).toHaveTextContent(/^\s*Requests\s*$/));
  });
});
