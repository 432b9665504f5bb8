import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { called as calledWith, picks, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { called, introductions, received, sent } from '../../ipc/mock/invitations';
import { SETTLE_MS } from '../../state/guard.svelte';
import { met } from './met';
import { isAddress, ownWords } from './names';
import { news } from './news';
import { missed, outcomeOf, received as waiting, sent as shown } from './outcomes';

type User = ReturnType<typeof userEvent.setup>;

const open = (scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  const { unmount } = render(App, { view: 'main', id: '' });
  return { mock, unmount, user: userEvent.setup() };
};

const spaced = (text: string | null | undefined) => text?.replaceAll('\u00a0', ' ');
const rows = async (part: string) => {
  await waitFor(() => expect(document.querySelector(`[data-part=${part}]`)).not.toBeNull());
  return [...document.querySelectorAll<HTMLElement>(`[data-part=${part}]`)];
};
const connect = () => document.querySelector('[data-part=connect-invited]') as HTMLElement;
const settled = () => waitFor(() => expect(document.querySelector('[data-part=connect-invited][data-settled=true]')).not.toBeNull(), { timeout: SETTLE_MS * 3 });
const dialog = () => screen.findByRole('dialog', { name: 'Invite somebody to this computer' });

async function inviting(user: User) {
  await user.click(await screen.findByRole('button', { name: 'Invite to this computer' }));
  const found = within(await dialog());
  return { to: await found.findByLabelText('ID or alias'), send: found.getByRole('button', { name: 'Send invitation' }), found };
}

beforeEach(() => localStorage.clear());

describe('inviting somebody', () => {
  it('takes an ID as it is typed, and sends with Enter what the profile says', async () => {
    const { mock, user } = open();
    const { to } = await inviting(user);
    await waitFor(() => expect(to).toHaveFocus());
    await user.type(to, '905 661 273');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const [first] = calledWith(mock, 'invite');
    expect(first?.new).toMatchObject({ target: '905 661 273', profile: 'Default' });
    expect((first?.new as { permissions: string[] }).permissions).toContain('input');
    const [row] = await rows('sent');
    expect(spaced(row?.textContent)).toMatch(/905 661 273.*No answer yet.*[12]:\d\d left/);
  });

  it('finds people among the tiles by their names, and takes their address', async () => {
    const { mock, user } = open();
    const { to } = await inviting(user);
    await user.type(to, 'dana');
    await user.click(await screen.findByText('Dana Fox', { selector: '[role=option] *' }));
    expect(to).toHaveValue('731 204 885');
    expect(await screen.findByText('Dana Fox', { selector: '.about' })).toBeVisible();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(calledWith(mock, 'invite')[0]?.new).toMatchObject({ target: '731 204 885' }));
  });

  it('never puts a suggestion in the place of a whole ID', async () => {
    const { mock, user } = open();
    const { to } = await inviting(user);
    await user.type(to, '204557893');
    expect(document.querySelector('[data-combobox-item]')).toBeNull();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(calledWith(mock, 'invite')[0]?.new).toMatchObject({ target: '204557893' }));
  });

  it('says in plain words what will be allowed, and which way it goes', async () => {
    const { user } = open();
    const { found } = await inviting(user);
    const meaning = () => document.querySelector('[data-part=meaning]')?.textContent;
    expect(meaning()).toContain('They will see and control your screen.');
    await picks(user, found.getByRole('combobox', { name: 'Permission profile' }), 'Screen sharing');
    await waitFor(() => expect(meaning()).toContain('They will see your screen and cannot control it.'));
  });

  it.each([
    ['grace', /neither an ID nor an alias/],
    ['482 119 070', /That is this device itself/],
  ])('says beside the field what is wrong with %s, and keeps it', async (typed, said) => {
    const { user } = open();
    const { to, send } = await inviting(user);
    await user.type(to, typed);
    await user.click(send);
    expect(await screen.findByText(said)).toBeVisible();
    expect(to).toHaveValue(typed);
    await waitFor(() => expect(to).toHaveFocus());
  });

  it('asks for an address before it asks the service', async () => {
    const { mock, user } = open();
    const { send } = await inviting(user);
    await user.click(send);
    expect(await screen.findByText('Enter an ID or an alias.')).toBeVisible();
    expect(calledWith(mock, 'invite')).toEqual([]);
  });

  it('tells what to do about a sixth, and tries again as another invitation', async () => {
    const { mock, user } = open('sent-five');
    const { to, send } = await inviting(user);
    await user.type(to, '905661273');
    await user.click(send);
    expect(await screen.findByText(/5 invitations pending.*cancel one first/)).toBeVisible();
    const [first] = mock.stage.world.introductions.invitations;
    if (first) first.state = 'cancelled';
    await user.click(send);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const ids = calledWith(mock, 'invite').map(({ new: made }) => (made as { id: string }).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('is not sent by an Enter that is held down', async () => {
    const { mock, user } = open();
    const { to } = await inviting(user);
    await user.type(to, '905661273');
    expect(await fireEvent.keyDown(to, { key: 'Enter', repeat: true })).toBe(false);
    expect(calledWith(mock, 'invite')).toEqual([]);
  });

  it('is left with Esc, and the focus returns to where it began', async () => {
    const { mock, user } = open();
    await inviting(user);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(calledWith(mock, 'invite')).toEqual([]);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Invite to this computer' })).toHaveFocus());
  });

  it('begins from the palette too', async () => {
    const { user } = open();
    await screen.findByRole('button', { name: 'Invite to this computer' });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox'), 'invite somebody');
    await user.keyboard('{Enter}');
    await dialog();
  });
});

describe('an invitation that was sent', () => {
  it('is cancelled, and sent again with one click', async () => {
    const { mock, user } = open('sent');
    await user.click(await screen.findByRole('button', { name: /^Cancel the invitation to 731/ }));
    expect(await screen.findByText('You cancelled this invitation', { selector: '.told' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: /^Send again: invitation to 731/ }));
    await waitFor(() => expect(screen.queryByText('You cancelled this invitation', { selector: '.told' })).toBeNull());
    expect(await rows('sent')).toHaveLength(1);
    const [again] = calledWith(mock, 'send_invitation_again');
    expect(again?.again).not.toBe(again?.id);
  });

  it('is edited as it stands, without more time', async () => {
    const { mock, user } = open('sent');
    await user.click(await screen.findByRole('button', { name: /^Edit the invitation to 731/ }));
    const asked = within(await screen.findByRole('dialog', { name: /^Edit the invitation/ }));
    expect(asked.queryByLabelText('ID or alias')).toBeNull();
    expect(asked.getByText('What you change counts as soon as you save it. The time goes on.')).toBeVisible();
    await picks(user, asked.getByRole('combobox', { name: 'Permission profile' }), 'Screen sharing');
    await user.click(asked.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(calledWith(mock, 'edit_invitation')[0]).toMatchObject({ profile: 'Screen sharing', permissions: ['user_pointer'] }));
    expect(mock.stage.world.introductions.invitations[0]?.revision).toBe(2);
  });

  it('tells how it went until that is put away, also when the window opens anew', async () => {
    const { unmount, user } = open('sent-over');
    const told = async () => (await rows('sent')).map((row) => row.querySelector('.told')?.textContent);
    expect(await told()).toEqual(['Rejected your invitation', 'Did not answer', 'Accepted, but could not connect']);
    const [first] = await rows('sent');
    await user.click(within(first as HTMLElement).getByRole('button', { name: 'Dismiss' }));
    await waitFor(async () => expect(await told()).toHaveLength(2));
    unmount();
    render(App, { view: 'main', id: '' });
    expect(await told()).toEqual(['Did not answer', 'Accepted, but could not connect']);
  });
});

describe('an invitation from somebody', () => {
  it('says who asks, which way it goes and what is allowed', async () => {
    open('invited');
    const [card] = await rows('received');
    expect(spaced(card?.textContent)).toContain('ben@acme asks you to connect to their computer: see and control its screen.');
    expect(spaced(card?.textContent)).toContain('731 204 885');
    expect(card).toHaveTextContent('Calls itself “BEN-LAPTOP”');
    expect(card).toHaveTextContent(/You may also use: Clipboard text, File transfer/);
    expect(card).toHaveTextContent(/1:\d\d left/);
  });

  it('is deaf for half a second, and then connects with the revision that is shown', async () => {
    const { mock, user } = open('invited');
    await rows('received');
    await fireEvent.click(connect());
    expect(calledWith(mock, 'accept_invitation')).toEqual([]);
    await settled();
    await user.click(connect());
    await waitFor(() => expect(calledWith(mock, 'accept_invitation')).toMatchObject([{ revision: 1 }]));
    await waitFor(() => expect(document.querySelector('[data-part=received]')).toBeNull());
  });

  it('is deaf again once it was changed, and says that it was', async () => {
    const { mock, user } = open('invited');
    await rows('received');
    await settled();
    Object.assign(mock.stage.world.introductions.invitations[0] ?? {}, { revision: 2, permissions: [] });
    mock.stage.hint({ kind: 'introductions' });
    await waitFor(() => expect(document.querySelector('[data-part=received][data-revision="2"]')).not.toBeNull());
    await fireEvent.click(connect());
    expect(calledWith(mock, 'accept_invitation')).toEqual([]);
    expect(screen.getByText('ben@acme has changed this invitation. Read it again.')).toBeVisible();
    await settled();
    await user.click(connect());
    await waitFor(() => expect(calledWith(mock, 'accept_invitation')).toMatchObject([{ revision: 2 }]));
  });

  it('shows the newer one where the older was answered', async () => {
    const { mock, user } = open('invited');
    await rows('received');
    await settled();
    Object.assign(mock.stage.world.introductions.invitations[0] ?? {}, { revision: 2, permissions: [] });
    await user.click(screen.getByRole('button', { name: 'Connect to ben@acme' }));
    expect(await screen.findByText(/changed since you saw it/)).toBeVisible();
    expect(await screen.findByText(/see its screen/)).toBeVisible();
  });

  it('is rejected', async () => {
    const { mock, user } = open('invited');
    await rows('received');
    await settled();
    await user.click(screen.getByRole('button', { name: 'Reject the invitation of ben@acme' }));
    await waitFor(() => expect(calledWith(mock, 'reject_invitation')).toHaveLength(1));
    await waitFor(() => expect(document.querySelector('[data-part=received]')).toBeNull());
  });

  it('is rejected, and its sender blocked, from its menu', async () => {
    const { mock, user } = open('invited');
    await rows('received');
    await user.click(screen.getByRole('button', { name: 'More for ben@acme' }));
    await user.click(await screen.findByText('Reject and block ben@acme', { selector: '[role=menuitem]' }));
    await waitFor(() => expect(calledWith(mock, 'set_block')).toEqual([{ device: '731204885', blocked: true }]));
    await waitFor(() => expect(document.querySelector('[data-part=received]')).toBeNull());
  });

  it('is blocked also where it cannot be rejected any more', async () => {
    const { mock, user } = open('invited');
    await rows('received');
    Object.assign(mock.stage.world.introductions.invitations[0] ?? {}, { state: 'cancelled' });
    await user.click(screen.getByRole('button', { name: 'More for ben@acme' }));
    await user.click(await screen.findByText('Reject and block ben@acme', { selector: '[role=menuitem]' }));
    await waitFor(() => expect(calledWith(mock, 'set_block')).toEqual([{ device: '731204885', blocked: true }]));
    expect(await screen.findByText(/^ben@acme is blocked/)).toBeVisible();
  });

  it('vanishes when it is cancelled, and that is said', async () => {
    const { mock } = open('invited');
    await rows('received');
    Object.assign(mock.stage.world.introductions.invitations[0] ?? {}, { state: 'cancelled' });
    mock.stage.hint({ kind: 'introductions' });
    await waitFor(() => expect(document.querySelector('[data-part=received]')).toBeNull());
    expect(screen.getByText('ben@acme has cancelled the invitation.')).toHaveAttribute('aria-live', 'polite');
  });

  it('says here why it was not answered elsewhere', async () => {
    const { mock } = open('invited');
    await rows('received');
    const invoke = mock.invoke.bind(mock);
    let pending: object | null = { code: 'in_a_session', params: {}, trace: '' };
    mock.invoke = async <T>(command: string, args?: Record<string, unknown>) => {
      if (command !== 'pending_problem') return invoke<T>(command, args);
      const told = pending as T;
      pending = null;
      return told;
    };
    mock.stage.hint({ kind: 'show' });
    expect(await screen.findByText(/^This device is in a session\. End it first/)).toBeVisible();
  });

  it('is plain and short text, whatever the other computer calls itself', async () => {
    open('invited-look');
    const [card] = await rows('received');
    expect(card).toHaveTextContent('Give me money <b>now</b>');
    expect(card?.querySelector('b')).toBeNull();
    expect(ownWords({ device: '1', key: '', alias: null, name: '\u202e😀'.repeat(5_000) }).length).toBeLessThan(70);
  });
});

describe('an invitation by email', () => {
  const byEmail = async (user: User, keys: () => Promise<void>) => {
    await keys();
    await user.click(await screen.findByText('Invite via email…', { selector: '[role=menuitem]' }));
  };

  it('opens in the mail program, from a right click on the own ID', async () => {
    const { mock, user } = open();
    const id = await screen.findByRole('button', { name: /^Copy your ID/ });
    await byEmail(user, () => user.pointer({ keys: '[MouseRight]', target: id }));
    expect(await screen.findByText('The message is in your mail program.')).toBeVisible();
    expect(calledWith(mock, 'invite_by_email')).toHaveLength(1);
  });

  it('is a text to paste where there is no mail program, and begins with the keyboard too', async () => {
    const { user } = open('no-mail-program');
    (await screen.findByRole('button', { name: /^Copy your ID/ })).focus();
    await byEmail(user, () => user.keyboard('{Shift>}{F10}{/Shift}'));
    expect(await screen.findByText(/no mail program.*paste it/)).toBeVisible();
  });
});

describe('a missed call', () => {
  it('is called back, each device once', async () => {
    const { mock, user } = open('missed');
    expect(await rows('missed')).toHaveLength(2);
    await user.click(screen.getByRole('button', { name: 'Call back ben@acme' }));
    await waitFor(() => expect(calledWith(mock, 'call')).toEqual([{ target: 'ben@acme' }]));
    await waitFor(async () => expect(await rows('missed')).toHaveLength(1));
  });
});

describe('what was before', () => {
  it('stands below the recent sessions, the newest first', async () => {
    const { mock, user } = open('introduced');
    await user.click(await screen.findByRole('link', { name: 'Recent' }));
    await user.click(await screen.findByRole('button', { name: /^Invitations and calls/ }));
    const region = within(await screen.findByRole('region', { name: 'Invitations and calls' }));
    const lines = region.getAllByRole('listitem').map((line) => line.textContent ?? '');
    expect(lines[0]).toContain('invites you');
    expect(lines.some((line) => line.includes('missed call'))).toBe(true);
    await user.click(region.getByRole('button', { name: 'Send again: invitation to frontdesk@acme' }));
    await waitFor(() => expect(calledWith(mock, 'send_invitation_again')).toHaveLength(1));
  });

  it('holds at most fifty', () => {
    const invitations = Array.from({ length: 80 }, (_, number) => sent(0, number, { id: '731204885' }));
    expect(met({ ...introductions('', 0), invitations })).toHaveLength(50);
  });
});

describe('how an invitation stands', () => {
  const now = Date.now();
  const nobody = () => false;

  it('says of one that ran out that nobody answered', () => {
    expect(outcomeOf(sent(now, 1, { id: '999999999' }, { state: 'expired' }))).toBe('not_answered');
  });

  it.each(['by_host', 'by_viewer', 'could_not_connect', 'lost', null] as const)('did not connect where the session ended before the two met: %s', (ending) => {
    const [accepted] = introductions('sent-accepted', now).invitations;
    const session = accepted?.session && { ...accepted.session, phase: 'ended' as const, since: null, ended_at: new Date(now).toISOString(), ending };
    expect(accepted && outcomeOf({ ...accepted, session: session ?? null })).toBe('could_not_connect');
  });

  it('is over for the invited when its time is up by this clock, whatever was last heard', () => {
    const known = { ...introductions('', now), invitations: [received(now, 1)] };
    expect(waiting(known, now)).toHaveLength(1);
    expect(waiting(known, now + 120_000)).toHaveLength(0);
  });

  it('is not told any more when that was long ago', () => {
    const known = introductions('sent-over', now);
    expect(shown(known, now, nobody)).toHaveLength(3);
    expect(shown(known, now + 600_000, nobody)).toHaveLength(0);
    expect(missed({ ...known, calls: [called(now, 1)] }, now + 86_400_000, nobody)).toEqual([]);
  });

  it('is said once when it changes, and not at the first look', () => {
    vi.setSystemTime(now);
    const before = introductions('sent', now);
    const after = { ...before, invitations: before.invitations.map((one) => ({ ...one, state: 'rejected' as const })) };
    expect(news(undefined, before)).toBe('');
    expect(spaced(news(before, after))).toBe('731 204 885: Rejected your invitation');
    expect(news(after, after)).toBe('');
    vi.useRealTimers();
  });

  it.each([
    ['731 204 885', true],
    ['1 204 557 893', true],
    ['ben@acme', true],
    ['73120488', false],
    ['0731204885', false],
    ['ben', false],
  ])('knows whether %s is an address', (text, is) => expect(isAddress(text)).toBe(is));
});
