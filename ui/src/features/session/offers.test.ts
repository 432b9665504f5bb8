import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';

const show = () => {
  const mock = stage('?scenario=offered');
  return { mock, user: userEvent.setup() };
};
const settled = () => waitFor(() => expect(screen.getAllByRole('button', { name: 'Save…' })[0]).toHaveAttribute('data-settled', 'true'));
const opens = () => render(App, { view: 'session', id: VIEWER_SESSION });

describe('what the other side offers', () => {
  it('is named and measured, and comes only when it is taken', async () => {
    const { mock, user } = show();
    opens();
    expect(await screen.findByText('Error report.pdf')).toBeVisible();
    expect(screen.getByText('Photos of the printer and 2 more')).toBeVisible();
    expect(screen.getByText('31 files, 88 MB')).toBeVisible();
    expect(called(mock, 'take_offer')).toEqual([]);
    await settled();
    await user.click(screen.getAllByRole('button', { name: 'Save…' })[1]!);
    await waitFor(() => expect(called(mock, 'take_offer')).toEqual([{ id: VIEWER_SESSION, number: 2 }]));
  });

  it('goes when it is declined', async () => {
    const { mock, user } = show();
    opens();
    await screen.findByText('Error report.pdf');
    await settled();
    await user.click(screen.getAllByRole('button', { name: 'Decline' })[0]!);
    await waitFor(() => expect(called(mock, 'decline_offer')).toEqual([{ id: VIEWER_SESSION, number: 1 }]));
    await waitFor(() => expect(screen.queryByText('Error report.pdf')).toBeNull());
  });

  it('leads the keyboard to the next one, and out when there is none left', async () => {
    const { user } = show();
    opens();
    await screen.findByText('Error report.pdf');
    await settled();
    await user.click(screen.getAllByRole('button', { name: 'Decline' })[0]!);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Save…' })).toHaveFocus());
    await user.click(screen.getByRole('button', { name: 'Decline' }));
    await waitFor(() => expect(screen.getByRole('complementary')).toHaveFocus());
  });

  it('is plain text, whatever it is called', async () => {
    const { mock } = show();
    mock.stage.world.offers = [{ number: 7, title: { kind: 'of', name: '<b>bold</b>.exe', others: 0 }, files: 1, bytes: 1 }];
    opens();
    expect(await screen.findByText('<b>bold</b>.exe')).toBeVisible();
  });

  it('is not shown where file transfer is off', async () => {
    const { mock } = show();
    const session = mock.stage.world.sessions.get(VIEWER_SESSION);
    if (session) session.permissions = [];
    opens();
    await screen.findByRole('application', { name: 'Screen of Dana Fox' });
    expect(screen.queryByText('Error report.pdf')).toBeNull();
  });
});
