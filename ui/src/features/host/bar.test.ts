import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const collapsed = async () => {
  const mock = stage('?scenario=joined-connected');
  render(App, { view: 'accept', id: '' });
  const user = userEvent.setup();
  const [session] = mock.stage.world.sessions.values();
  if (!session) throw new Error('no session');
  const change = (how: () => void) => {
    how();
    mock.stage.hint({ kind: 'session', id: session.id });
  };
  await user.type(await screen.findByRole('textbox', { name: /Ana Marsh/ }), 'half a sentence');
  await user.click(screen.getByRole('button', { name: 'Make this window a slim bar' }));
  await screen.findByRole('button', { name: 'Show everything' });
  return { mock, user, session, change };
};

describe('the slim bar', () => {
  it('always says who is viewing, and who is controlling', async () => {
    const { session, change } = await collapsed();
    const says = () => screen.getAllByRole('heading', { level: 1 }).map((each) => each.textContent?.replace(/\s+/g, ' ').trim());
    expect(says()).toEqual(['Ana Marsh sees this screen']);
    change(() => (session.permissions = ['input']));
    await waitFor(() => expect(says()).toEqual(['Ana Marsh sees and controls this computer']));
    change(() => (session.phase = { name: 'lost', until: '2030-01-01T00:00:00Z' }));
    await waitFor(() => expect(says()).toEqual(['Ana Marsh was here; the connection is lost']));
  });

  it('ends the session with one press', async () => {
    const { mock, user } = await collapsed();
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(called(mock, 'end_session')).toHaveLength(1);
    await waitFor(() => expect(called(mock, 'expand_window')).toHaveLength(1));
  });

  it('expands with what was typed', async () => {
    const { mock, user } = await collapsed();
    await user.click(screen.getByRole('button', { name: 'Show everything' }));
    expect(called(mock, 'expand_window')).toHaveLength(1);
    expect(screen.getByRole('textbox', { name: /Ana Marsh/ })).toHaveValue('half a sentence');
  });

  it('expands by itself when the viewer asks for more', async () => {
    const { mock, session, change } = await collapsed();
    change(() => session.asks.open.push('input'));
    expect(await screen.findByRole('region', { name: 'Asked for now' })).toBeVisible();
    expect(called(mock, 'expand_window')).toHaveLength(1);
  });

  it('does not hide what was asked while it collapsed', async () => {
    const { mock, user, session, change } = await collapsed();
    await user.click(screen.getByRole('button', { name: 'Show everything' }));
    const { invoke } = mock;
    let collapses = () => {};
    mock.invoke = async (command, args) => {
      if (command === 'collapse_window') await new Promise<void>((done) => (collapses = done));
      return invoke(command, args);
    };
    await user.click(screen.getByRole('button', { name: 'Make this window a slim bar' }));
    change(() => session.asks.open.push('input'));
    await screen.findByRole('region', { name: 'Asked for now' });
    collapses();
    await waitFor(() => expect(called(mock, 'expand_window')).toHaveLength(2));
    expect(screen.getByRole('region', { name: 'Asked for now' })).toBeVisible();
  });

  it('becomes a window again even where the session ended while it collapsed', async () => {
    const { mock, user, session, change } = await collapsed();
    await user.click(screen.getByRole('button', { name: 'Show everything' }));
    const { invoke } = mock;
    let collapses = () => {};
    mock.invoke = async (command, args) => {
      if (command === 'collapse_window') await new Promise<void>((done) => (collapses = done));
      return invoke(command, args);
    };
    await user.click(screen.getByRole('button', { name: 'Make this window a slim bar' }));
    change(() => (session.phase = { name: 'ended', why: 'by_viewer' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'End' })).toBeNull());
    collapses();
    await waitFor(() => expect(called(mock, 'expand_window')).toHaveLength(2));
  });

  it('says that something was written, until it is read', async () => {
    const { user, session, change } = await collapsed();
    const writes = (text: string, mine = false) =>
      change(() => (session.chat = [...session.chat, { mine, text, at: new Date().toISOString() }]));
    writes('my own line', true);
    expect(screen.queryByText(/new message/)).toBeNull();
    writes('one');
    expect(await screen.findByText('1 new message')).toBeVisible();
    writes('two');
    await user.click(await screen.findByRole('button', { name: '2 new messages' }));
    expect(screen.getByRole('log')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Make this window a slim bar' }));
    await screen.findByRole('button', { name: 'Show everything' });
    expect(screen.queryByText(/new message/)).toBeNull();
  });
});
