import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { called, picks, pressesAtOnce, stage } from '../../../tests/stage';
import App from '../../App.svelte';

const show = (scenario: string) => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'accept', id: '' });
  return { mock, user: userEvent.setup() };
};

const settled = async () => {
  const allow = await screen.findByRole('button', { name: /Allow access/ });
  await waitFor(() => expect(allow).toHaveAttribute('data-settled', 'true'));
  return allow;
};

describe('the accept window', () => {
  it('takes no answer before it has stood still for half a second', async () => {
    const { mock, user } = show('joined');
    await pressesAtOnce('allow');
    await pressesAtOnce('deny');
    expect(called(mock, 'allow')).toEqual([]);
    expect(called(mock, 'deny')).toEqual([]);
    await user.click(await settled());
    await waitFor(() => expect(called(mock, 'allow')).toHaveLength(1));
  });

  it('waits again when its window gets the focus', async () => {
    const { mock, user } = show('joined');
    const allow = await settled();
    await fireEvent.focus(window);
    allow.click();
    expect(called(mock, 'allow')).toEqual([]);
    await user.click(await settled());
    await waitFor(() => expect(called(mock, 'allow')).toHaveLength(1));
  });

  it('waits again when more becomes available', async () => {
    const { mock } = show('joined');
    const allow = await settled();
    mock.stage.world.app.joined?.available.push('input');
    mock.stage.hint({ kind: 'state' });
    await waitFor(() => expect(allow).toHaveAttribute('data-settled', 'false'));
  });

  it('is not answered by an Enter that is held down', async () => {
    show('joined');
    const allow = await settled();
    expect(await fireEvent.keyDown(allow, { key: 'Enter' })).toBe(true);
    expect(await fireEvent.keyDown(allow, { key: 'Enter', repeat: true })).toBe(false);
  });

  it('says that a profile is somebody’s proposal, whatever they call it', async () => {
    const { user } = show('joined-own-profile');
    await settled();
    const choice = screen.getByRole('combobox', { name: 'Permission profile' });
    expect(choice).toHaveTextContent('Proposed: Screen sharing');
    expect(screen.getByRole('switch', { name: 'Control keyboard and mouse' })).toBeChecked();
    await picks(user, choice, 'Screen sharing');
    expect(screen.getByRole('switch', { name: 'Control keyboard and mouse' })).not.toBeChecked();
    await picks(user, choice, 'Proposed: Screen sharing');
    expect(screen.getByRole('switch', { name: 'Control keyboard and mouse' })).toBeChecked();
  });

  it('allows the revision that it showed, with no permission that is not available', async () => {
    const { mock, user } = show('joined');
    await user.click(await settled());
    expect(called(mock, 'allow')).toMatchObject([{ revision: 1, switches: [] }]);
    expect(await screen.findByText('Access is allowed')).toBeVisible();
  });

  it('allows what was left switched on', async () => {
    const { mock, user } = show('joined-available');
    const allow = await settled();
    await user.click(screen.getByRole('switch', { name: 'Clipboard text' }));
    await user.click(allow);
    expect(called(mock, 'allow')).toMatchObject([{ switches: ['input', 'audio', 'user_pointer'] }]);
  });

  it('shows what is not available apart from what there is to decide', async () => {
    const { user } = show('joined-available');
    const group = await screen.findByRole('group', { name: 'Permissions' });
    expect(within(group).getAllByRole('switch')).toHaveLength(4);
    await user.click(within(group).getByText('Not available here (9)'));
    expect(within(group).getByText('Privacy mode')).toBeVisible();
    expect(within(group).getAllByRole('listitem')).toHaveLength(9);
  });

  it('names no profile above switches that are others', async () => {
    const { user } = show('joined-available');
    const allow = await settled();
    await user.click(screen.getByRole('switch', { name: 'Clipboard text' }));
    await user.click(allow);
    await screen.findByText('Access is allowed');
    expect(screen.queryByText(/Default/)).toBeNull();
  });

  it('asks with a sound, once, when an agent waits for the answer', async () => {
    const tones: number[] = [];
    const node = { connect: (next: unknown) => next, addEventListener: () => {}, start: () => {}, stop: () => {} };
    vi.stubGlobal(
      'AudioContext',
      class {
        currentTime = 0;
        createOscillator = () => ({ ...node, frequency: { set value(hertz: number) { tones.push(hertz); } } });
        createGain = () => ({ ...node, gain: { setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} } });
      },
    );
    show('joined-asked');
    await screen.findByText(/waits for your answer/);
    expect(tones).toHaveLength(2);
    vi.unstubAllGlobals();
  });

  it('says that the request has changed, and waits again', async () => {
    const { mock, user } = show('joined');
    const allow = await settled();
    const { joined } = mock.stage.world.app;
    if (joined) Object.assign(joined, { revision: 2, agent: 'Tom Ward', cover: { agent: 'x' } });
    mock.stage.hint({ kind: 'state' });
    expect(await screen.findByText(/The request has changed/)).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Tom Ward asks for access' })).toBeVisible();
    await user.click(allow);
    expect(called(mock, 'allow')).toEqual([]);
    await user.click(await settled());
    expect(called(mock, 'allow')).toMatchObject([{ revision: 2 }]);
  });

  it('names whom it would let in when nobody is assigned', async () => {
    show('joined-any');
    expect(await screen.findByText('Any agent of Acme Support')).toBeVisible();
  });

  it('says who waits for the answer, and how long', async () => {
    show('joined-asked');
    expect(await screen.findByRole('alert')).toHaveTextContent('Ana Marsh waits for your answer');
    expect(screen.getByText(/4\d seconds left/)).toBeVisible();
  });

  it('ends the session with one press', async () => {
    const { mock, user } = show('joined-connected');
    expect(await screen.findByText('Ana Marsh is connected')).toBeVisible();
    expect(screen.getByRole('group', { name: 'Four words' })).toHaveTextContent('harbour mimosa quartz lantern');
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(called(mock, 'end_session')).toHaveLength(1);
  });
});

describe('after the session', () => {
  const connected = async () => {
    const { mock, user } = show('joined-connected');
    const [session] = mock.stage.world.sessions.values();
    const { joined } = mock.stage.world.app;
    if (!session || !joined) throw new Error('nobody is connected');
    const available = ['input', 'clipboard', 'audio'] as const;
    Object.assign(joined, { available: [...available], switches: [...available] });
    session.available = [...available];
    session.permissions = ['input', 'audio'];
    session.asks.for_a_while = [{ permission: 'audio', until: '2030-01-01T00:00:00Z' }];
    mock.stage.hint({ kind: 'session', id: session.id });
    await screen.findByText('2 of 3 on');
    return { mock, user, session, joined };
  };

  it('which the person ended, the window says so, and keeps the switches as they were left', async () => {
    const { mock, user } = await connected();
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(await screen.findByRole('heading', { name: 'You ended the session' })).toBeVisible();
    expect(screen.getByText(/^Nobody can connect now/)).toBeVisible();
    expect(screen.queryByText(/asks for access/)).toBeNull();
    expect(screen.getByRole('switch', { name: 'Control keyboard and mouse' })).toBeChecked();
    expect(screen.getByRole('switch', { name: 'Clipboard text' })).not.toBeChecked();
    expect(screen.getByRole('switch', { name: 'Hear sound' }), 'it was on for a while only').not.toBeChecked();
    expect(screen.getByText('The one next to the kitchen.', { exact: false })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Dismiss' }), 'nothing covers the buttons').toBeNull();
    await user.click(await settled());
    expect(called(mock, 'allow')).toMatchObject([{ switches: ['input'] }]);
  });

  it('in which nothing was changed, the profile is still the one that was proposed', async () => {
    const { mock, user, session } = await connected();
    session.permissions = session.available;
    session.asks.for_a_while = [];
    mock.stage.hint({ kind: 'session', id: session.id });
    await screen.findByText('3 of 3 on');
    await user.click(screen.getByRole('button', { name: 'End' }));
    await screen.findByRole('heading', { name: 'You ended the session' });
    expect(screen.getByRole('combobox', { name: 'Permission profile' })).toHaveTextContent('Default');
  });

  it('what stands where *End* was takes no press that was meant for it', async () => {
    const { mock, user } = await connected();
    await user.click(screen.getByRole('button', { name: 'End' }));
    await screen.findByRole('heading', { name: 'You ended the session' });
    screen.getByRole('button', { name: 'Allow access again' }).click();
    screen.getByRole('button', { name: 'Leave' }).click();
    expect(called(mock, 'allow')).toEqual([]);
    expect(called(mock, 'leave')).toEqual([]);
  });

  it('nothing is allowed again before the service knows that it is over', async () => {
    const { mock, user, joined } = await connected();
    await user.click(screen.getByRole('button', { name: 'End' }));
    joined.status = 'connected';
    await screen.findByRole('heading', { name: 'You ended the session' });
    await user.click(await settled());
    expect(called(mock, 'allow')).toEqual([]);
  });

  it('it is a question again when the agent asks again', async () => {
    const { mock, user, joined } = await connected();
    await user.click(screen.getByRole('button', { name: 'End' }));
    await screen.findByRole('heading', { name: 'You ended the session' });
    Object.assign(joined, { asked_by: 'Ana Marsh', asked_until: new Date(Date.now() + 40_000).toISOString() });
    mock.stage.hint({ kind: 'state' });
    expect(await screen.findByRole('heading', { name: 'Ana Marsh asks for access' })).toBeVisible();
    expect(screen.getByRole('switch', { name: 'Clipboard text' })).not.toBeChecked();
  });

  it('which the agent ended, the window says who did, while access stays allowed', async () => {
    const { mock, session, joined } = await connected();
    session.phase = { name: 'ended', why: 'by_viewer' };
    Object.assign(joined, { status: 'ready', session: null });
    mock.stage.hint({ kind: 'state' });
    expect(await screen.findByText('Ana Marsh ended the session.')).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Access is allowed' })).toBeVisible();
  });

  it('another agent’s question is a new one, with what was proposed', async () => {
    const { mock, session, joined } = await connected();
    session.phase = { name: 'ended', why: 'by_viewer' };
    Object.assign(joined, { status: 'ready', session: null });
    mock.stage.hint({ kind: 'state' });
    await screen.findByRole('heading', { name: 'Access is allowed' });
    Object.assign(joined, { status: 'waiting', revision: joined.revision + 1, agent: 'Tom Ward' });
    mock.stage.hint({ kind: 'state' });
    expect(await screen.findByRole('heading', { name: 'Tom Ward asks for access' })).toBeVisible();
    expect(screen.queryByText(/ended the session/)).toBeNull();
    expect(screen.getByRole('switch', { name: 'Clipboard text' })).toBeChecked();
  });

  it('whose request was closed, what was written stays', async () => {
    const { mock, session, joined } = await connected();
    session.phase = { name: 'ended', why: 'request_closed' };
    Object.assign(joined, { status: 'closed', session: null });
    mock.stage.hint({ kind: 'state' });
    expect(await screen.findByRole('heading', { name: 'This request is closed' })).toBeVisible();
    expect(screen.getByText(/^Ana Marsh closed the request, and the session with it/)).toBeVisible();
    expect(screen.getByText('The one next to the kitchen.', { exact: false })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Close window' })).toBeVisible();
  });
});
