import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, picks, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import type { Mock } from '../../ipc/mock';
import type { SessionState } from '../../ipc/types';
import { SETTLE_MS } from '../../state/guard.svelte';
import ProfileChooser from './ProfileChooser.svelte';

const user = () => userEvent.setup();

function changeSession(mock: Mock, change: (session: SessionState) => void) {
  const [session] = mock.stage.world.sessions.values();
  if (!session) throw new Error('no session');
  change(session);
  mock.stage.hint({ kind: 'session', id: session.id });
}

describe('choosing a permission profile', () => {
  const show = (chosen: string | null) => {
    const changes: unknown[] = [];
    stage();
    render(ProfileChooser, {
      chosen,
      on: ['input'],
      available: ['input', 'clipboard', 'user_pointer'],
      changed: (...change) => changes.push(change),
    });
    return { changes, choice: screen.getByRole('combobox', { name: 'Permission profile' }) };
  };

  it('offers the three that are built in and the own ones, and gives nothing that is not available', async () => {
    const { changes, choice } = show('default');
    await picks(user(), choice, 'Only show and write');
    await picks(user(), choice, 'Full access');
    expect(changes).toEqual([
      [expect.stringMatching(/-/), ['clipboard', 'user_pointer']],
      ['full_access', ['input', 'clipboard', 'user_pointer']],
    ]);
  });

  it('leaves the profile when a switch is turned by hand', async () => {
    const { changes } = show('default');
    await user().click(screen.getByRole('switch', { name: 'Clipboard text' }));
    expect(changes).toEqual([[null, ['input', 'clipboard']]]);
  });

  it.each([null, 'a profile that was deleted'])('says for %s that it was changed by hand', async (chosen) => {
    const { choice } = show(chosen);
    expect(choice).toHaveTextContent('Changed by hand');
  });
});

describe('a switch that a custom client keeps off', () => {
  it('says who set it', async () => {
    stage('?scenario=profiles-locked');
    render(ProfileChooser, { chosen: null, on: [], available: ['input'], changed: () => {} });
    expect(await screen.findByText(/^Set by Acme Helper: profiles cannot be changed here/)).toBeVisible();
    await waitFor(() =>
      expect(screen.getByRole('switch', { name: 'TCP tunnels' })).toHaveAccessibleDescription('Set by Acme Helper'),
    );
    expect(screen.queryByRole('switch', { name: 'Clipboard text' }), 'not available here').toBeNull();
  });
});

describe('the viewer asks for more', () => {
  const show = async () => {
    const mock = stage('?scenario=asked-more');
    render(App, { view: 'session', id: [...mock.stage.world.sessions.keys()][0] ?? '' });
    await screen.findAllByText('Asked');
    return mock;
  };

  it('only for what the host could give, is not given, and is not asked yet', async () => {
    await show();
    const asks = screen.getAllByRole('button', { name: /^Ask for/, hidden: true });
    expect(asks.map((each) => each.getAttribute('data-ask'))).toEqual(['lock_desk', 'sysinfo']);
  });

  it('and sees that it is asked until the host answers', async () => {
    const mock = await show();
    await user().click(screen.getByRole('button', { name: 'Ask for: System information', hidden: true }));
    const id = [...mock.stage.world.sessions.keys()][0];
    expect(called(mock, 'ask_for')).toEqual([{ id, permission: 'sysinfo' }]);
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Ask for: System information', hidden: true })).toBeNull(),
    );
  });

  it('and sees until when it may, where that is for a while', async () => {
    const mock = await show();
    expect(screen.getByText('Allowed')).toBeInTheDocument();
    changeSession(mock, ({ asks }) => (asks.for_a_while = [{ permission: 'clipboard', until: '2030-01-01T00:15:00Z' }]));
    expect(await screen.findByText(/^Until \d+:15/)).toBeInTheDocument();
    expect(screen.queryByText('Allowed')).toBeNull();
  });

  it('not while the connection is lost', async () => {
    const mock = await show();
    changeSession(mock, (session) => (session.phase = { name: 'lost', until: '2030-01-01T00:00:00Z' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: /^Ask for/, hidden: true })).toBeNull());
  });
});

describe('the host answers what is asked', () => {
  const show = async () => {
    const mock = stage('?scenario=joined-asked-more');
    render(App, { view: 'accept', id: '' });
    const asked = await screen.findByRole('region', { name: 'Asked for now' });
    const settled = () => waitFor(() => expect(asked).toHaveAttribute('data-settled', 'true'));
    const input = within(asked).getByRole('group', { name: 'Control keyboard and mouse' });
    return { mock, asked, settled, press: (name: string) => user().click(within(input).getByRole('button', { name })) };
  };

  it.each([
    ['Allow', 'turn_switch', { permission: 'input', turn: 'on' }],
    ['Allow for 15 minutes', 'turn_switch', { permission: 'input', turn: 'on_for_a_while' }],
    ['Not now', 'refuse_ask', { permission: 'input' }],
  ])('with %s, and only after half a second', async (name, command, args) => {
    const { mock, settled, press } = await show();
    await press(name);
    expect(called(mock, command)).toEqual([]);
    await settled();
    await press(name);
    expect(called(mock, command)).toMatchObject([args]);
    await waitFor(() => expect(screen.queryByRole('group', { name: 'Control keyboard and mouse' })).toBeNull());
  });

  it('and goes on taking answers while something else of the session changes', async () => {
    const { mock, asked, settled, press } = await show();
    await settled();
    changeSession(mock, (session) => (session.path = { relayed: true, round_trip_ms: 80 }));
    await screen.findByText(/80 ms/);
    expect(asked).toHaveAttribute('data-settled', 'true');
    await press('Allow');
    expect(called(mock, 'turn_switch')).toHaveLength(1);
  });

  it('and waits again when another ask comes', async () => {
    const { mock, asked, settled, press } = await show();
    await settled();
    changeSession(mock, (session) => session.asks.open.push('sysinfo'));
    await within(asked).findByRole('group', { name: 'System information' });
    await press('Allow');
    expect(called(mock, 'turn_switch')).toEqual([]);
  });

  it('and waits again when its window gets the focus', async () => {
    const { mock, asked, settled, press } = await show();
    await settled();
    await fireEvent.focus(window);
    asked.querySelector<HTMLElement>('[data-part=allow-ask]')?.click();
    expect(called(mock, 'turn_switch')).toEqual([]);
    await settled();
    await press('Allow');
    expect(called(mock, 'turn_switch')).toHaveLength(1);
  });

  it('and does not turn on for good what went off under the finger', async () => {
    const { mock } = await show();
    const clipboard = screen.getByRole('switch', { name: 'Clipboard text', hidden: true });
    changeSession(mock, (session) => {
      session.permissions = [];
      session.asks.for_a_while = [];
    });
    await waitFor(() => expect(clipboard).not.toBeChecked());
    clipboard.click();
    expect(called(mock, 'turn_switch')).toEqual([]);
    await new Promise((wake) => setTimeout(wake, SETTLE_MS + 50));
    clipboard.click();
    await waitFor(() => expect(called(mock, 'turn_switch')).toMatchObject([{ permission: 'clipboard', turn: 'on' }]));
  });

  it('and turns on at once what was turned off by hand', async () => {
    const { mock } = await show();
    const clipboard = screen.getByRole('switch', { name: 'Clipboard text', hidden: true });
    clipboard.click();
    await waitFor(() => expect(clipboard).not.toBeChecked());
    clipboard.click();
    await waitFor(() => expect(called(mock, 'turn_switch').map(({ turn }) => turn)).toEqual(['off', 'on']));
  });

  it('and turns every switch that is pressed, also while another one is on its way', async () => {
    const { mock } = await show();
    const before = called(mock, 'turn_switch').length;
    for (const name of ['Clipboard text', 'System information']) {
      screen.getByRole('switch', { name, hidden: true }).click();
    }
    await waitFor(() => expect(called(mock, 'turn_switch').slice(before)).toHaveLength(2));
  });

  it('and turns a switch for a while, without being asked', async () => {
    const { mock } = await show();
    expect(screen.getByText(/^Until /)).toBeInTheDocument();
    await user().click(screen.getByRole('button', { name: 'System information: turn on for 15 minutes', hidden: true }));
    expect(called(mock, 'turn_switch')).toMatchObject([{ permission: 'sysinfo', turn: 'on_for_a_while' }]);
  });
});
