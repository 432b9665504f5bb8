import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, picks, pressesAtOnce, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { INCOMING, OUTGOING } from '../../ipc/mock/calls';
import { PERMISSIONS } from '../../ipc/types';

const HOST_SESSION = '0190b7a0-1111-7000-8000-0000000003de';

const show = (view: 'call' | 'ring' | 'host', scenario: string) => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view, id: { call: OUTGOING, ring: INCOMING, host: HOST_SESSION }[view] });
  return { mock, user: userEvent.setup() };
};

const settled = async () => {
  const allow = await screen.findByRole('button', { name: 'Allow access' });
  await waitFor(() => expect(allow).toHaveAttribute('data-settled', 'true'));
  return allow;
};

describe('the call window', () => {
  it('names who is called and by which service, and counts the seconds', async () => {
    show('call', 'calling');
    expect(await screen.findByRole('heading')).toHaveTextContent('Calling 1 204 557 893');
    expect(screen.getByText(/4\d seconds left/)).toBeVisible();
    expect(screen.getByText('Acme Support').parentElement).toHaveTextContent('By way of Acme Support (support.acme.example)');
  });

  it('cancels the call, and goes', async () => {
    const { mock, user } = show('call', 'calling-alias');
    expect(await screen.findByRole('heading')).toHaveTextContent('Calling frontdesk@acme');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(called(mock, 'close_window')).toHaveLength(1));
    expect(called(mock, 'cancel_call')).toEqual([{ id: OUTGOING }]);
  });

  it('says whom it calls before the service has taken the call, and takes a cancel', async () => {
    const { mock, user } = show('call', 'call-placing');
    expect(await screen.findByRole('heading')).toHaveTextContent('Calling 1 204 557 893');
    expect(screen.getByText('Reaching the service…')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(called(mock, 'close_window')).toHaveLength(1));
    expect(called(mock, 'cancel_call')).toEqual([{ id: OUTGOING }]);
  });

  it('counts the seconds once the service has taken the call', async () => {
    const { mock } = show('call', 'calling');
    await screen.findByText(/seconds left/);
    const [call] = mock.stage.world.introductions.calls.splice(0, 1);
    mock.stage.world.introductions.placing = { id: OUTGOING, target: { id: '1204557893' }, refused: null };
    mock.stage.hint({ kind: 'introductions' });
    const cancel = screen.getByRole('button', { name: 'Cancel' });
    expect(await screen.findByText('Reaching the service…')).toBeVisible();
    mock.stage.world.introductions.placing = null;
    if (call) mock.stage.world.introductions.calls.push(call);
    mock.stage.hint({ kind: 'introductions' });
    expect(await screen.findByText(/seconds left/)).toBeVisible();
    expect(cancel).toBeInTheDocument();
  });

  it('says why it did not begin, and calls again', async () => {
    const { mock, user } = show('call', 'call-refused');
    expect(await screen.findByRole('heading', { name: /^Not calling 1.204.557.893$/ })).toBeVisible();
    expect(screen.getByText(/The service cannot be reached/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Call again' }));
    await waitFor(() => expect(called(mock, 'call_again')).toEqual([{ id: OUTGOING }]));
  });

  it('offers no second call where it would go the same way', async () => {
    show('call', 'call-refused-for-good');
    expect(await screen.findByRole('heading', { name: /^Not calling/ })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Call again' })).toBeNull();
  });

  it.each([
    ['call-missed', 'No answer', 'Nobody answered at 1 204 557 893.'],
    ['call-rejected', 'Access was denied', '1 204 557 893 did not allow access.'],
    ['call-cancelled', 'The call was cancelled', 'Nobody was connected.'],
    ['call-failed', 'Could not connect', 'the two devices were not connected'],
  ])('says how it went: %s', async (scenario, title, text) => {
    const { mock, user } = show('call', scenario);
    expect(await screen.findByRole('heading', { name: title })).toBeVisible();
    expect(screen.getByText(new RegExp(text.replaceAll(' ', '\\s')))).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Call again' }));
    await waitFor(() => expect(called(mock, 'call_again')).toEqual([{ id: OUTGOING }]));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(called(mock, 'close_window')).toHaveLength(1));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(called(mock, 'close_window')).toHaveLength(2));
  });

  it('says that the two are connecting once access was allowed', async () => {
    show('call', 'call-accepted');
    expect(await screen.findByRole('heading')).toHaveTextContent('Connecting to 1 204 557 893');
    expect(screen.queryByText(/seconds left/)).toBeNull();
  });

  it('hears how the call goes on', async () => {
    const { mock } = show('call', 'calling');
    await screen.findByText(/seconds left/);
    Object.assign(mock.stage.world.introductions.calls[0] ?? {}, { state: 'missed' });
    mock.stage.hint({ kind: 'introductions' });
    expect(await screen.findByRole('heading', { name: 'No answer' })).toBeVisible();
  });
});

describe('the window of who is called', () => {
  it('takes no answer before it has stood still for half a second', async () => {
    const { mock, user } = show('ring', 'ringing');
    await pressesAtOnce('allow');
    await pressesAtOnce('deny');
    expect([...called(mock, 'allow_call'), ...called(mock, 'deny_call')]).toEqual([]);
    await settled();
    await user.click(screen.getByRole('button', { name: 'Deny' }));
    await waitFor(() => expect(called(mock, 'deny_call')).toEqual([{ id: INCOMING }]));
  });

  it('blocks who calls, which answers the call, after the same half second', async () => {
    const { mock, user } = show('ring', 'ringing');
    await pressesAtOnce('block');
    expect(called(mock, 'set_block')).toEqual([]);
    await settled();
    await user.click(screen.getByRole('button', { name: /^Deny and block/ }));
    await waitFor(() => expect(called(mock, 'set_block')).toEqual([{ device: '731204885', blocked: true }]));
    expect(await screen.findByText('This call is over')).toBeVisible();
    expect(called(mock, 'allow_call')).toEqual([]);
  });

  it('says why who calls was not blocked, and still asks', async () => {
    const { mock, user } = show('ring', 'ringing');
    await settled();
    mock.stage.world.fails = 'too_many_blocked';
    await user.click(screen.getByRole('button', { name: /^Deny and block/ }));
    await waitFor(() => expect(called(mock, 'set_block')).toHaveLength(1));
    mock.stage.world.fails = null;
    await user.click(await settled());
    await waitFor(() => expect(called(mock, 'allow_call')).toHaveLength(1));
  });

  it('waits again when its window gets the focus', async () => {
    const { mock, user } = show('ring', 'ringing');
    const allow = await settled();
    await fireEvent.focus(window);
    allow.click();
    expect(called(mock, 'allow_call')).toEqual([]);
    await user.click(await settled());
    await waitFor(() => expect(called(mock, 'allow_call')).toHaveLength(1));
  });

  it('waits again when more becomes available', async () => {
    const { mock } = show('ring', 'ringing');
    const allow = await settled();
    const { available } = mock.stage.world.introductions;
    available.push(...PERMISSIONS.filter((each) => !available.includes(each)));
    mock.stage.hint({ kind: 'introductions' });
    await waitFor(() => expect(allow).toHaveAttribute('data-settled', 'false'));
  });

  it('shows who calls, what they call themselves as mere text, and whether their key is known', async () => {
    show('ring', 'ringing-stranger');
    expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('905 661 273 asks for access');
    const caller = screen.getByLabelText('Who calls');
    expect(caller).toHaveTextContent('Calls itself “Your bank’s security desk, please press *Allow access* at once <…”');
    expect(caller.querySelector('b')).toBeNull();
    expect(caller).toHaveTextContent('First session with this device');
    expect(caller).toHaveTextContent('Acme Support (support.acme.example) vouches that it is this device, and for nothing else.');
    expect(screen.getByText('Never allow access to someone who called you unexpectedly.')).toBeVisible();
  });

  it('warns of a key that has changed', async () => {
    show('ring', 'ringing-changed');
    expect(await screen.findByText(/met with another key before/)).toBeVisible();
  });

  it('allows what is switched on, and nothing that is not available', async () => {
    const { mock, user } = show('ring', 'ringing');
    const allow = await settled();
    const group = within(screen.getByRole('group', { name: 'Permissions' }));
    expect(group.getByRole('switch', { name: 'Control keyboard and mouse' })).toBeChecked();
    await user.click(group.getByRole('switch', { name: 'Clipboard text' }));
    await user.click(allow);
    await waitFor(() => expect(called(mock, 'allow_call')).toHaveLength(1));
    const [{ switches } = {}] = called(mock, 'allow_call');
    expect(switches).toEqual(['input', 'file_manager', 'audio', 'user_pointer', 'record_session']);
    expect(await screen.findByText(/is connecting/)).toBeVisible();
  });

  it('allows what the chosen profile says', async () => {
    const { mock, user } = show('ring', 'ringing');
    const allow = await settled();
    await picks(user, screen.getByRole('combobox', { name: 'Permission profile' }), 'Screen sharing');
    await user.click(allow);
    await waitFor(() => expect(called(mock, 'allow_call')).toEqual([{ id: INCOMING, switches: ['user_pointer'] }]));
  });

  it('allows nothing once the time is up', async () => {
    const { mock, user } = show('ring', 'ringing-over');
    const allow = await settled();
    expect(allow).toHaveAttribute('aria-disabled', 'true');
    await user.click(allow);
    expect(called(mock, 'allow_call')).toEqual([]);
  });

  it('has nothing to answer when the call was taken back', async () => {
    const { mock } = show('ring', 'ringing');
    await settled();
    Object.assign(mock.stage.world.introductions.calls[0] ?? {}, { state: 'cancelled' });
    mock.stage.hint({ kind: 'introductions' });
    expect(await screen.findByText('This call is over')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Allow access' })).toBeNull();
  });
});

describe('the window of a session that came of a call', () => {
  it('says who is connected, shows the four words, and ends with one press', async () => {
    const { mock, user } = show('host', 'hosted');
    expect(await screen.findByRole('heading')).toHaveTextContent('731 204 885 is connected');
    expect(screen.getByRole('group', { name: 'Four words' })).toHaveTextContent('harbour mimosa quartz lantern');
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(called(mock, 'end_session')).toEqual([{ id: HOST_SESSION }]);
    expect(await screen.findByText(/You ended the session/)).toBeVisible();
    expect(screen.getByText('Hello Dana, Ana here. Which printer is it?'), 'what was written can still be read').toBeVisible();
  });

  it.each([
    ['hosted-connecting', /is connecting/],
    ['hosted-lost', /is connected/],
    ['hosted-ended', /ended the session/],
    ['agent', /This session is over/],
  ])('has a face for each state: %s', async (scenario, says) => {
    show('host', scenario);
    expect(await screen.findByText(says)).toBeVisible();
  });
});
