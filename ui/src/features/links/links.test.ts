import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { called, pressesAtOnce, stage } from '../../../tests/stage';
import LinkNotices from './LinkNotices.svelte';

const show = (link: string) => {
  const mock = stage(`?scenario=signed-out&link=${link}`);
  const signIn = vi.fn();
  render(LinkNotices, { signIn });
  return { mock, signIn, user: userEvent.setup() };
};

/** It has stood still for long enough to be answered. */
const settled = async (name: string) => {
  const button = await screen.findByRole('button', { name });
  await waitFor(() => expect(button).toHaveAttribute('data-settled', 'true'));
  return button;
};

describe('links from the system', () => {
  it('say nothing while there are none', async () => {
    const { mock } = show('');
    await waitFor(() => expect(called(mock, 'links_state')).toHaveLength(1));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that call nobody say why, and wait for a press', async () => {
    const { mock, user } = show('not_called');
    await pressesAtOnce('call');
    expect(called(mock, 'call_by_link')).toEqual([]);
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Not calling 123 456 789');
    expect(dialog).toHaveTextContent('You are calling somebody already.');
    await settled('Dismiss');
    await user.click(screen.getByRole('button', { name: 'Call' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(called(mock, 'call_by_link')).toEqual([{ number: 1 }]);
  });

  it('that can never call anybody offer no call', async () => {
    const { mock, user } = show('not_called_own');
    expect(await screen.findByRole('dialog')).toHaveTextContent('Not calling ana@acme');
    expect(screen.queryByRole('button', { name: 'Call' })).toBeNull();
    await user.click(await settled('Dismiss'));
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
    const { user } = show('not_called,refused,other_client');
    expect(await screen.findByRole('dialog')).toHaveTextContent('2 more links wait.');
    await settled('Dismiss');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('1 more link waits.'));
    await settled('Dismiss');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('another client'));
  });

  it('take no press that was meant for the one before', async () => {
    const { mock, user } = show('not_called,join,refused');
    await user.dblClick(await settled('Dismiss'));
    await user.click(await screen.findByRole('button', { name: 'Join there' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.keyboard('{Escape}');
    expect(screen.getByRole('alertdialog')).toHaveTextContent('Join at support.other.example?');
    expect(called(mock, 'join_by_link')).toEqual([]);
    expect(called(mock, 'dismiss_link').map(({ number }) => number)).not.toContain(2);
    await user.click(await settled('Join there'));
    await waitFor(() => expect(called(mock, 'join_by_link')).toEqual([{ number: 2 }]));
    await user.click(await screen.findByRole('button', { name: 'Dismiss' }));
    expect(called(mock, 'dismiss_link').map(({ number }) => number)).not.toContain(3);
    await user.click(await settled('Dismiss'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('for another client are copied as they came', async () => {
    const { mock, user } = show('other_client');
    expect(await screen.findByText('anydesk:AnyDesk-abc12345_msi:123456789')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(called(mock, 'copy_text')).toEqual([{ text: 'anydesk:AnyDesk-abc12345_msi:123456789' }]);
  });

  it('for another client are handed on by a press to whoever opened them before', async () => {
    const { mock, user } = show('other_client,not_called');
    await user.click(await screen.findByRole('button', { name: 'Open with AnyDesk' }));
    expect(called(mock, 'hand_link_on')).toEqual([]);
    await settled('Dismiss');
    await user.click(screen.getByRole('button', { name: 'Open with AnyDesk' }));
    await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('Not calling'));
    expect(called(mock, 'hand_link_on')).toEqual([{ number: 1 }]);
  });

  it('for another client are handed on to nobody where nobody opened them before', async () => {
    show('other_client_alone');
    await settled('Dismiss');
    expect(screen.queryByRole('button', { name: /^Open with/ })).toBeNull();
  });

  it('join at a new service only after a yes, and the focus is on no', async () => {
    const { mock, user } = show('join');
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('Join at support.other.example?');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    expect(called(mock, 'join_by_link')).toEqual([]);
    await user.click(await settled('Join there'));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called(mock, 'join_by_link')).toEqual([{ number: 1 }]);
  });

  it('that raised the window may raise it again once it is touched, which is told once', async () => {
    const { mock, user } = show('request');
    await waitFor(() => expect(called(mock, 'links_state')).toHaveLength(1));
    expect(called(mock, 'main_window_touched')).toEqual([]);
    await user.keyboard('{Tab}');
    await waitFor(() => expect(called(mock, 'links_state')).toHaveLength(2));
    await user.click(document.body);
    expect(called(mock, 'main_window_touched')).toHaveLength(1);
  });

  it('that were too many are told where nothing else is', async () => {
    const { mock, user } = show('only_more');
    const dialog = await screen.findByRole('dialog', { name: 'Too many links at once' });
    expect(dialog.textContent?.match(/More came at once/g)).toHaveLength(1);
    await user.click(await settled('Dismiss'));
    await waitFor(() => expect(called(mock, 'dismiss_link')).toHaveLength(1));
  });

  it('that ask say in the question that more came', async () => {
    show('join,not_called,more');
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('1 more link waits. More came at once');
  });

  it('join nowhere after a no', async () => {
    const { mock, user } = show('join');
    await settled('Join there');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called(mock, 'join_by_link')).toEqual([]);
  });

  it('to a request lead to signing in', async () => {
    const { signIn, user } = show('request_signed_out');
    await settled('Dismiss');
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(signIn).toHaveBeenCalled();
  });
});
