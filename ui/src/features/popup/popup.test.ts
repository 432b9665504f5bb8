import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { POPUP } from '../../ipc/mock/popup';
import type { InvitationState } from '../../ipc/types';
import { speak } from '../../words/language.svelte';
import { alsoInShort } from '../invitations/allowed';

const show = (scenario = 'popup') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'popup', id: POPUP });
  const edit = (changes: Partial<InvitationState>) => {
    const invitation = mock.stage.world.introductions.invitations.find((one) => one.id === POPUP);
    Object.assign(invitation ?? {}, changes);
    mock.stage.hint({ kind: 'introductions' });
  };
  return { mock, edit, user: userEvent.setup() };
};

const settled = async () => {
  const connect = await screen.findByRole('button', { name: 'Connect' });
  await waitFor(() => expect(connect).toHaveAttribute('data-settled', 'true'));
  return connect;
};

describe('the pop-up', () => {
  it('says who asks, which way it goes and what is allowed', async () => {
    show();
    const popup = await screen.findByRole('alertdialog');
    expect(popup).toHaveAccessibleName('ben@acme asks you to connect to their computer: see and control its screen.');
    expect(popup).toHaveTextContent('731 204 885');
    expect(popup).toHaveTextContent('Known device');
    expect(popup).toHaveTextContent('Calls itself “BEN-LAPTOP”');
    expect(popup).toHaveTextContent('You may also use: Clipboard text, File transfer, Hear sound and 1 more.');
    expect(screen.getByRole('timer')).toHaveTextContent(/^1:4\d left · Beckon$/);
  });

  it('says that it is only to look', async () => {
    show('popup-look');
    expect(await screen.findByRole('heading')).toHaveTextContent('905 661 273 asks you to connect to their computer: see its screen.');
    expect(screen.queryByText(/also use/)).toBeNull();
  });

  it('tells that it is painted once the invitation stands in it, and takes an answer half a second later', async () => {
    const { mock, user } = show();
    const connect = await screen.findByRole('button', { name: 'Connect' });
    await waitFor(() => expect(called(mock, 'ready')).toHaveLength(1));
    await user.click(connect);
    await user.click(screen.getByRole('button', { name: 'Reject' }));
    expect(called(mock, 'accept_invitation')).toEqual([]);
    expect(called(mock, 'reject_invitation')).toEqual([]);
    await user.click(await settled());
    expect(called(mock, 'accept_invitation')).toEqual([{ id: POPUP, revision: 1 }]);
  });

  it('waits again when the invitation is edited, and then answers what it shows', async () => {
    const { mock, edit, user } = show();
    const connect = await settled();
    edit({ revision: 2, permissions: ['user_pointer'] });
    expect(await screen.findByText('Changed')).toBeVisible();
    expect(screen.getByRole('heading')).toHaveTextContent('see its screen.');
    await user.click(connect);
    expect(called(mock, 'accept_invitation')).toEqual([]);
    await user.click(await settled());
    expect(called(mock, 'accept_invitation')).toEqual([{ id: POPUP, revision: 2 }]);
  });

  it('shows the newer invitation where what was pressed was older', async () => {
    const { mock, user } = show();
    const connect = await settled();
    const [invitation] = mock.stage.world.introductions.invitations;
    // Nobody has said so yet.
    Object.assign(invitation ?? {}, { revision: 2, permissions: [] });
    await user.click(connect);
    expect(await screen.findByText('Changed')).toBeVisible();
    expect(screen.getByRole('heading')).toHaveTextContent('see its screen.');
    await waitFor(() => expect(connect).toHaveAttribute('data-settled', 'false'));
  });

  it('rejects any revision', async () => {
    const { mock, user } = show();
    await settled();
    await user.click(screen.getByRole('button', { name: 'Reject' }));
    expect(called(mock, 'reject_invitation')).toEqual([{ id: POPUP }]);
  });

  it('says why it could not be answered', async () => {
    const { mock, user } = show();
    const connect = await settled();
    mock.stage.world.fails = 'in_a_session';
    await user.click(connect);
    expect(await screen.findByText(/This device is in a session/)).toBeVisible();
  });

  it('shows what others wrote as text', async () => {
    show('popup-long');
    const popup = await screen.findByRole('alertdialog');
    expect(popup.querySelector('img')).toBeNull();
    expect(popup).toHaveTextContent('<img src=x onerror=alert(1)>');
    const name = popup.querySelector('bdi');
    expect(name?.textContent?.length).toBeLessThan(90);
  });

  it('warns of a key that is not the one of before', async () => {
    show('popup-key');
    expect(await screen.findByText('Has another key than before')).toBeVisible();
  });
});

describe('what is allowed, in short', () => {
  afterEach(() => speak('en'));

  it('names the first three and counts the rest', () => {
    expect(alsoInShort([])).toBe('');
    expect(alsoInShort(['input'])).toBe('');
    expect(alsoInShort(['user_pointer', 'clipboard'])).toBe('You may also use: Clipboard text and Pointer when control is off.');
    expect(alsoInShort(['input', 'restart', 'audio', 'sysinfo', 'user_pointer', 'clipboard'])).toBe('You may also use: Clipboard text, Hear sound, Restart and come back and 1 more.');
    speak('de');
    expect(alsoInShort(['audio', 'user_pointer', 'restart', 'clipboard'])).toMatch(/^Sie dürfen außerdem nutzen: .* und 1 weitere\.$/);
  });
});

describe('the pop-up that a hot key leads to', () => {
  it('names the key, has the focus on nothing that answers, and hears nothing for half a second', async () => {
    show();
    const connect = await settled();
    expect(screen.getByText('Go here: Ctrl+Alt+Shift+Home')).toBeVisible();
    window.dispatchEvent(new FocusEvent('focus'));
    await waitFor(() => expect(connect).toHaveAttribute('data-settled', 'false'));
    expect(screen.getByRole('alertdialog')).toHaveFocus();
  });

  it('is answered with Tab and Enter', async () => {
    const { mock, user } = show();
    await settled();
    window.dispatchEvent(new FocusEvent('focus'));
    await settled();
    await user.keyboard('{Enter}');
    expect(called(mock, 'accept_invitation')).toEqual([]);
    await user.tab();
    expect(screen.getByRole('button', { name: 'Reject' })).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(mock, 'reject_invitation')).toHaveLength(1));
  });

  it('leads back with Esc, and is not answered by it', async () => {
    const { mock, user } = show();
    await settled();
    await user.keyboard('{Escape}');
    expect(called(mock, 'leave_popup')).toHaveLength(1);
    expect(called(mock, 'reject_invitation')).toEqual([]);
  });
});
