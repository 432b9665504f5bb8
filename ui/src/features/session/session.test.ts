import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';

const show = (scenario: string) => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'session', id: VIEWER_SESSION });
  return { mock, user: userEvent.setup() };
};

const field = () => screen.findByRole('textbox', { name: 'Write to Dana Fox' });

describe('the session window', () => {
  it('sends with Enter and begins a line with Shift+Enter', async () => {
    const { mock, user } = show('running');
    await user.type(await field(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
    await waitFor(() => expect(called(mock, 'send_chat')).toEqual([{ id: VIEWER_SESSION, text: 'one\ntwo' }]));
    expect(await screen.findByText(/^one\s+two$/, { selector: 'p' })).toBeVisible();
    expect(await field()).toHaveValue('');
  });

  it('sends nothing that is empty or too long', async () => {
    const { mock, user } = show('running');
    await user.type(await field(), '   {Enter}');
    await user.click(await field());
    await user.paste('x'.repeat(4_001));
    expect(await screen.findByRole('alert')).toHaveTextContent('This message has 4004');
    await user.keyboard('{Enter}');
    expect(called(mock, 'send_chat')).toEqual([]);
  });

  it('keeps what was written when it could not be sent', async () => {
    const { mock, user } = show('running');
    await field();
    mock.stage.world.fails = 'unreachable';
    await user.type(await field(), 'hello{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('cannot be reached');
    expect(await field()).toHaveValue('hello');
  });

  it.each([
    ['asking', 'Asking Dana Fox', 'Stop asking', 'cancel_ask'],
    ['lost', 'Connection lost', 'Try now', 'try_now'],
    ['ended-by_host', 'The session has ended', 'Connect again', 'connect'],
  ])('%s is told as “%s” and offers “%s”', async (scenario, title, button, command) => {
    const { mock, user } = show(scenario);
    expect(await screen.findByRole('heading', { name: title })).toBeVisible();
    await user.click(screen.getByRole('button', { name: button }));
    expect(called(mock, command)).toHaveLength(1);
  });

  it('offers no way back into a closed request', async () => {
    show('ended-request_closed');
    expect(await screen.findByText(/The request was closed/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Connect again' })).toBeNull();
  });

  it('opens the other screen once', async () => {
    const { mock } = show('running');
    expect(await screen.findByRole('application', { name: 'Screen of Dana Fox' })).toBeVisible();
    await field();
    await waitFor(() => expect(called(mock, 'open_screen')).toEqual([{ id: VIEWER_SESSION, monitor: 0 }]));
  });

  it('asks for a comment before it ends and closes', async () => {
    const { mock, user } = show('running');
    await user.click(await screen.findByRole('button', { name: 'End and close…' }));
    await user.type(await screen.findByLabelText('Session comment'), 'New cartridge.');
    await user.click(screen.getByRole('button', { name: 'End and close' }));
    await waitFor(() =>
      expect(called(mock, 'end_and_close')).toEqual([{ id: VIEWER_SESSION, comment: 'New cartridge.' }]),
    );
  });

  const ends = ({ stage }: ReturnType<typeof show>['mock']) => {
    Object.assign(stage.world.sessions.get(VIEWER_SESSION) ?? {}, { phase: { name: 'ended', why: 'by_host' } });
    stage.hint({ kind: 'session', id: VIEWER_SESSION });
  };

  it('keeps a comment that is half typed when the session ends, and can still add it and close', async () => {
    const { mock, user } = show('running');
    const { id, comments } = mock.stage.world.requests.find(({ recipient }) => recipient === 'Dana Fox') ?? { id: '', comments: '' };
    await user.click(await screen.findByRole('button', { name: 'End and close…' }));
    await user.type(await screen.findByLabelText('Session comment'), 'New cartridge.');
    ends(mock);
    const dialog = await screen.findByRole('dialog', { name: 'The session has ended' });
    expect(within(dialog).getByLabelText('Session comment')).toHaveValue('New cartridge.');
    await user.click(within(dialog).getByRole('button', { name: 'Add and close' }));
    await waitFor(() => expect(called(mock, 'close_request')).toEqual([{ id }]));
    expect(called(mock, 'comment_request')).toEqual([{ id, comments: `${comments}\n\nNew cartridge.` }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('asks for no comment any more when the session ends and nothing was typed', async () => {
    const { mock, user } = show('running');
    await user.click(await screen.findByRole('button', { name: 'End and close…' }));
    await screen.findByLabelText('Session comment');
    ends(mock);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('marks the chat while something written there was not seen', async () => {
    const { mock, user } = show('running');
    await user.click(await screen.findByRole('radio', { name: 'Files' }));
    mock.stage.world.sessions.get(VIEWER_SESSION)?.chat.push({ mine: false, text: 'Are you there?', at: new Date().toISOString() });
    mock.stage.hint({ kind: 'session', id: VIEWER_SESSION });
    await user.click(await screen.findByRole('radio', { name: 'Chat (1)' }));
    expect(await screen.findByRole('radio', { name: 'Chat' })).toBeChecked();
  });

  it('says in plain words what the four words are for', async () => {
    show('running');
    expect(await screen.findByText('Compare with the other side')).toBeVisible();
  });
});
