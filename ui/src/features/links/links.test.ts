import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { called, stage } from '../../../tests/stage';
import LinkNotices from './LinkNotices.svelte';

const show = (link: string) => {
  const mock = stage(`?scenario=signed-out&link=${link}`);
  const signIn = vi.fn();
  render(LinkNotices, { signIn });
  return { mock, signIn, user: userEvent.setup() };
};

describe('links from the system', () => {
  it('say nothing while there are none', async () => {
    const { mock } = show('');
    await waitFor(() => expect(called(mock, 'links_state')).toHaveLength(1));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that call say plainly that this version cannot, and what to do instead', async () => {
    const { mock, user } = show('call');
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Beckon cannot call 123 456 789 yet');
    expect(dialog).toHaveTextContent('create a session request');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(called(mock, 'dismiss_link')).toEqual([{ number: 1 }]);
  });

  it('that are refused are shown as text, never as a link', async () => {
    show('refused');
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('anydesk:--play\\x1b[31m');
    expect(dialog.querySelector('a')).toBeNull();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Dismiss' })).toHaveFocus());
  });

  it('wait for each other', async () => {
    const { user } = show('call,refused,other_client');
    expect(await screen.findByRole('dialog')).toHaveTextContent('2 more links wait.');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('1 more link waits.'));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('another client'));
  });

  it('join at a new service only after a yes, and the focus is on no', async () => {
    const { mock, user } = show('join');
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('Join at support.other.example?');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    expect(called(mock, 'join_by_link')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Join there' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called(mock, 'join_by_link')).toEqual([{ number: 1 }]);
  });

  it('join nowhere after a no', async () => {
    const { mock, user } = show('join');
    await screen.findByRole('alertdialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called(mock, 'join_by_link')).toEqual([]);
  });

  it('to a request lead to signing in', async () => {
    const { signIn, user } = show('request_signed_out');
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    expect(signIn).toHaveBeenCalled();
  });
});
