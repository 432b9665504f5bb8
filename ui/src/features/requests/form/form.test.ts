import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, picks, stage } from '../../../../tests/stage';
import App from '../../../App.svelte';
import { PERMISSIONS } from '../../../ipc/types';
import { matches, narrowed } from '../../../parts/options';
import { writtenTime } from '../../../words/dates';
import { proposed } from '../../permissions/profiles';
import { assigneeGroups } from './assignees';
import { expiresAt, expiryChoice, expiryDraft, expiryProblem, scheduleProblem, soon } from './when';
import { moment, offset, offsetName, systemZone, wallClock, zoneNames } from './zones';

const HOUR = 3_600_000;

// In the program it comes when it is opened.
await import('./Calendar.svelte');

const open = async (scenario = 'agent', set: (mock: ReturnType<typeof stage>) => void = () => undefined) => {
  const mock = stage(`?scenario=${scenario}`);
  set(mock);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await screen.findByText('Dana Fox', { selector: '[role=gridcell]' });
  await user.keyboard('n');
  const dialog = await screen.findByRole('dialog', { name: 'New session request' });
  await waitFor(() => expect(screen.getByLabelText('Recipient name')).toHaveFocus());
  const sent = () => called(mock, 'create_request').map(({ request }) => request as Record<string, unknown>);
  return { mock, user, dialog, sent };
};

const listed = () => [...document.querySelectorAll('[role=listbox] [role=option]')];

describe('the whole form', () => {
  it('says nothing of what most people leave as it is, but how it is', async () => {
    const { user, sent } = await open();
    expect(screen.getByRole('button', { name: /Schedule, expiry and permissions/ })).toHaveTextContent('Starts at once · expires after: 24 hours');
    expect(screen.queryByLabelText('Expires')).toBeNull();
    await user.keyboard('Grace Hopper{Enter}');
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]).toMatchObject({ schedule: null, expiry: { after_seconds: 86_400 }, profile: 'default' });
  });

  it('is gone through with the Tab key in the order of its fields', async () => {
    const { user } = await open();
    await user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    await user.click(screen.getByRole('switch', { name: 'Schedule' }));
    screen.getByLabelText('Recipient name').focus();
    const names = ['Email', 'Send invitation email', 'Email language', 'Comments', 'Assign to', /Schedule, expiry/, 'Schedule', 'Date', 'Time', 'Time zone', 'Expires', 'Permission profile', 'Cancel', 'Create request'];
    for (const name of names) {
      await user.tab();
      expect(document.activeElement, `after which comes ${name}`).toHaveAccessibleName(name);
    }
  });

  it('finds whom to assign it to by typing, with the keyboard alone', async () => {
    const { user, sent } = await open();
    await user.keyboard('Bo');
    screen.getByLabelText('Assign to').focus();
    await user.keyboard('tier 2');
    await waitFor(() => expect(listed()).toHaveLength(1));
    await user.keyboard('{Enter}');
    await waitFor(() => expect(listed()).toHaveLength(0));
    expect(sent()).toEqual([]);
    expect(screen.getByLabelText('Assign to')).toHaveValue('Tier 2, servers and networks');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]?.assign_to).toEqual({ queue: expect.stringMatching(/f2$/) });
  });

  it('offers queues, agents and clients, and not oneself twice', async () => {
    const { user } = await open();
    await user.click(screen.getByLabelText('Assign to'));
    const list = await screen.findByRole('listbox', { hidden: true });
    const offered = within(list).getAllByRole('option', { hidden: true }).map((option) => option.textContent?.trim());
    expect(offered).toEqual([
      'Myself', 'Unassigned', 'Field service', 'Tier 1', 'Tier 2, servers and networks', 'Priya Nair', 'Tomás Ribeiro',
      expect.stringContaining('FRONT-DESK'), expect.stringContaining('WS-0417'), expect.stringContaining('905\u00a0661\u00a0273'),
    ]);
  });

  it('marks the client that is this computer', () => {
    const devices = [
      { id: '348207516', name: 'FRONT-DESK', alias: null },
      { id: '905661273', name: null, alias: null },
    ];
    const about = (here: string) =>
      assigneeGroups({ agents: [], queues: [], devices, here }, '').at(-1)?.options.map((option) => option.about);
    expect(about('348207516')).toEqual(['348\u00a0207\u00a0516 · this computer', undefined]);
    expect(about('905661273')).toEqual(['348\u00a0207\u00a0516', 'this computer']);
  });

  it('opens the fold to what is wrong in it, puts the focus there and loses nothing', async () => {
    const { user, sent } = await open();
    await user.keyboard('Bo');
    await user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    await user.click(screen.getByRole('switch', { name: 'Schedule' }));
    await user.clear(screen.getByLabelText('Date'));
    await user.type(screen.getByLabelText('Date'), '2020-01-01');
    await user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    expect(await screen.findByText(/That time has passed/)).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText('Date')).toHaveFocus());
    expect(screen.getByLabelText('Recipient name')).toHaveValue('Bo');
    expect(sent()).toEqual([]);
  });

  it('shows beside its field what the service refuses, and keeps what was typed', async () => {
    const { mock, user } = await open();
    await user.keyboard('Bo');
    mock.stage.world.fails = 'not_assignable';
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    expect(await screen.findByText(/cannot be assigned to them/)).toBeVisible();
    const field = screen.getByLabelText('Assign to');
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription(/cannot be assigned/);
    expect(screen.getByLabelText('Recipient name')).toHaveValue('Bo');
  });

  it('sends the time on the clocks of the zone, and a length counted from it', async () => {
    const { user, sent } = await open();
    await user.keyboard('Bo');
    await user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    await user.click(screen.getByRole('switch', { name: 'Schedule' }));
    await user.clear(screen.getByLabelText('Date'));
    const date = new Date(Date.now() + 30 * 24 * HOUR).toISOString().slice(0, 10);
    await user.type(screen.getByLabelText('Date'), date);
    await user.clear(screen.getByLabelText('Time'));
    await user.type(screen.getByLabelText('Time'), '09:00');
    screen.getByLabelText('Time zone').focus();
    await user.keyboard('new york{Enter}');
    await waitFor(() => expect(screen.getByLabelText('Time zone')).toHaveValue('America/New York'));
    expect(sent(), 'Enter chose, and did not send').toEqual([]);
    expect(screen.getByText(/where you are. The recipient can join from/)).toBeVisible();
    await picks(user, screen.getByRole('combobox', { name: 'Expires' }), '8 hours');
    await picks(user, screen.getByRole('combobox', { name: 'Permission profile' }), 'Screen sharing');
    expect(screen.getByText('On: Pointer when control is off.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]).toMatchObject({
      schedule: { local: `${date}T09:00:00`, zone: 'America/New_York' },
      expiry: { after_seconds: 28_800 },
      profile: 'screen_sharing',
    });
  });
});

describe('a time that is typed', () => {
  const scheduling = async (...how: Parameters<typeof open>) => {
    const opened = await open(...how);
    await opened.user.keyboard('Bo');
    await opened.user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    await opened.user.click(screen.getByRole('switch', { name: 'Schedule' }));
    const type = async (name: string, text: string) => {
      await opened.user.clear(screen.getByLabelText(name));
      await opened.user.paste(text);
    };
    return { ...opened, type };
  };

  it('is said in full words with its place, and written out on leaving', async () => {
    const { user, type, sent } = await scheduling();
    await type('Date', '11242030');
    await type('Time', '0930');
    await user.tab();
    expect(screen.getByLabelText('Date')).toHaveValue('11/24/2030');
    expect(screen.getByLabelText('Time')).toHaveValue('9:30 AM');
    await user.keyboard('Tok{Enter}');
    await waitFor(() => expect(screen.getByLabelText('Time zone')).toHaveValue('Asia/Tokyo'));
    expect(screen.getByLabelText('Date')).toHaveAccessibleDescription(/^Sunday, November 24, 2030 at 9:30\sAM in Tokyo; .+ where you are\. The recipient/);
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]).toMatchObject({ schedule: { local: '2030-11-24T09:30:00', zone: 'Asia/Tokyo' } });
  });

  it('means what it means to the service, also where the web view knows another time', async () => {
    const { type } = await scheduling('agent', ({ stage: { world } }) => {
      world.zones = [{ zone: 'Antarctica/Vostok', shifts: [{ from: '2025-01-01T00:00:00Z', ahead_seconds: 3 * 3_600 }] }, { zone: systemZone(), shifts: [{ from: '2025-01-01T00:00:00Z', ahead_seconds: 0 }] }];
    });
    await type('Date', '11/24/2030');
    await type('Time', '9:30');
    await type('Time zone', 'vostok');
    await waitFor(() => expect(listed()[0]).toHaveTextContent('Antarctica/Vostok'));
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByLabelText('Date')).toHaveAccessibleDescription(/9:30\sAM in Vostok; 6:30\sAM where you are/));
  });

  it('and cannot be read is told at its field, and not sent', async () => {
    const { user, type, sent } = await scheduling();
    await type('Date', '24.11.2030');
    expect(screen.queryByRole('alert'), 'not while it is typed').toBeNull();
    await user.tab();
    await type('Time', '9:30');
    await user.tab();
    expect(screen.getByText(/cannot be read as a date/)).toBeVisible();
    expect(screen.getByLabelText('Date')).toBeInvalid();
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    await waitFor(() => expect(screen.getByLabelText('Date')).toHaveFocus());
    await type('Date', '11/24/2030');
    await type('Time', 'half nine');
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByText(/cannot be read as a time/)).toBeVisible();
    expect(sent()).toEqual([]);
  });

  it('can be chosen from a calendar and a list', async () => {
    const { user, type, sent } = await scheduling();
    await type('Date', '11/24/2030');
    await user.click(screen.getByRole('button', { name: 'Calendar', hidden: true }));
    const day = await waitFor(() => document.querySelector('[data-value="2030-11-26"][role=button]') ?? Promise.reject(new Error('no calendar yet')));
    expect(day).toHaveAttribute('aria-label', 'Tuesday, November 26, 2030');
    await user.click(day);
    await waitFor(() => expect(screen.getByLabelText('Date')).toHaveValue('11/26/2030'));
    await user.click(screen.getByRole('button', { name: 'Times', hidden: true }));
    await user.click(await screen.findByText('2:30 PM', { selector: '[role=menuitem]' }));
    await waitFor(() => expect(screen.getByLabelText('Time')).toHaveValue('2:30 PM'));
    await waitFor(() => expect(screen.getByLabelText('Time')).toHaveFocus());
    expect(sent()).toEqual([]);
  });

  it('is the expiry date too', async () => {
    const { user, type, sent } = await scheduling();
    await user.click(screen.getByRole('switch', { name: 'Schedule' }));
    await picks(user, screen.getByRole('combobox', { name: 'Expires' }), 'On a date');
    await type('Date', 'soon');
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    expect(await screen.findByText(/cannot be read as a date/)).toBeVisible();
    expect(sent()).toEqual([]);
  });
});

describe('the permission profile of a new request', () => {
  it('may be an own one', async () => {
    const { user, sent } = await open();
    await user.keyboard('Bo');
    await user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    await picks(user, screen.getByRole('combobox', { name: 'Permission profile' }), 'Only show and write');
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    const profile = { name: 'Only show and write', permissions: ['clipboard', 'user_pointer'] };
    await waitFor(() => expect(sent()[0]).toMatchObject({ profile }));
  });

  it('says who set the profiles of a custom client', async () => {
    const { user } = await open('profiles-locked');
    await user.click(screen.getByRole('button', { name: /Schedule, expiry/ }));
    expect(await screen.findByText(/^Set by Acme Helper/)).toBeVisible();
  });
});

describe('clocks on the wall', () => {
  const wall = (local: string, zone: string) => moment({ local, zone });

  it('mean a moment in their zone', () => {
    expect(wall('2026-11-23T09:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 10, 23, 8));
    expect(wall('2026-07-01T09:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 6, 1, 7));
    expect(wall('2026-07-01T09:00:00', 'Asia/Kathmandu')).toBe(Date.UTC(2026, 6, 1, 3, 15));
    expect(wall('', 'UTC')).toBeNull();
  });

  it('never show what the clocks jump over, and of an hour that comes again the first is meant', () => {
    expect(wall('2027-03-28T02:30:00', 'Europe/Berlin')).toBeNull();
    expect(wall('2027-03-28T03:00:00', 'Europe/Berlin')).toBe(Date.UTC(2027, 2, 28, 1));
    expect(wall('2026-10-25T02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });

  it('are told by how far they are ahead', () => {
    expect(offsetName(offset(Date.UTC(2026, 6, 1), 'Asia/Kolkata'))).toBe('UTC+5:30');
    expect(offsetName(offset(Date.UTC(2026, 6, 1), 'America/New_York'))).toBe('UTC−4');
    expect(offsetName(0)).toBe('UTC+0');
    expect(zoneNames()).toEqual(expect.arrayContaining([systemZone(), 'UTC', 'Europe/Berlin']));
  });
});

describe('when it starts and ends', () => {
  const NOW = Date.UTC(2026, 10, 22, 9, 40);

  it('is proposed for the next whole hour that is not too soon', () => {
    expect(soon(NOW)).toMatchObject({ time: writtenTime(wallClock(Date.UTC(2026, 10, 22, 11), systemZone()).slice(11, 16)), zone: systemZone() });
  });

  it('is refused in the past, in no time at all and in a gap of the clocks', () => {
    const at = (date: string, time: string) => scheduleProblem({ date, time, zone: 'Europe/Berlin' }, NOW);
    expect(at('2026-11-22', '10:00')).toContain('has passed');
    expect(at('', '10:00')).toContain('Choose a date');
    expect(at('2027-03-28', '02:30')).toContain('In Europe/Berlin the clocks go forward');
    expect(at('2026-11-22', '12:00')).toBeUndefined();
  });

  it('ends after it starts, and within ninety days', () => {
    const date = (days: number) => expiryDraft(undefined, NOW + days * 24 * HOUR);
    expect(expiryProblem(date(1), NOW, NOW)).toBeUndefined();
    expect(expiryProblem(date(1), NOW + 48 * HOUR, NOW)).toContain('before it begins');
    expect(expiryProblem(date(91), NOW, NOW)).toContain('within 90 days');
    const start = NOW + 48 * HOUR;
    expect(expiryProblem(date(91), start, NOW), 'counted from the scheduled time').toBeUndefined();
    expect(expiryProblem(date(93), start, NOW)).toContain('within 90 days');
    expect(expiryProblem({ kind: '900', date: '', time: '' }, NOW - HOUR, NOW)).toContain('expire too soon');
    expect(expiryProblem({ kind: 'date', date: '', time: '' }, NOW, NOW)).toContain('Choose a date');
    expect(expiresAt({ kind: '900', date: '', time: '' }, NOW)).toBe(NOW + HOUR / 4);
  });

  it('is shown as it was chosen', () => {
    expect(expiryDraft({ after_seconds: 3_600 }, NOW).kind).toBe('3600');
    expect(expiryDraft({ after_seconds: 77 }, NOW).kind).toBe('date');
    expect(expiryChoice({ kind: 'date', date: '2026-12-01', time: '10:00' })).toEqual({
      at: { local: '2026-12-01T10:00:00', zone: systemZone() },
    });
  });
});

describe('what is offered', () => {
  it('is found without accents, case or order', () => {
    expect(matches('tomas', 'Tomás Ribeiro')).toBe(true);
    expect(matches('rib tom', 'Tomás Ribeiro')).toBe(true);
    expect(matches('661273', '905\u00a0661\u00a0273')).toBe(true);
    expect(matches('new york', 'America/New_York')).toBe(true);
    expect(matches('ann', 'Tomás Ribeiro')).toBe(false);
  });

  it('comes first where a name, or its last part, begins with what is typed', () => {
    const options = ['Antarctica/Vostok', 'Africa/Johannesburg', 'Asia/Tokyo', 'Tokelau', 'America/New York'].map((value) => ({ value, label: value }));
    const found = (typed: string) => narrowed([{ options }], typed, 9).flatMap((group) => group.options.map(({ value }) => value));
    expect(found('tok')).toEqual(['Tokelau', 'Asia/Tokyo', 'Antarctica/Vostok']);
    expect(found('york')).toEqual(['America/New York']);
    expect(found('a')).toEqual(['Antarctica/Vostok', 'Africa/Johannesburg', 'Asia/Tokyo', 'America/New York', 'Tokelau']);
  });

  it('is bounded, and groups without a match are left out', () => {
    const options = Array.from({ length: 50 }, (_, index) => ({ value: `${index}`, label: `zone ${index}` }));
    const shown = narrowed([{ options }, { title: 'more', options }], 'zone', 60);
    expect(shown.map((group) => group.options.length)).toEqual([50, 10]);
    expect(narrowed([{ title: 'none', options: [] }], '', 10)).toEqual([]);
  });

  it('as permissions are those of the product page', () => {
    expect(proposed('default')).toEqual(PERMISSIONS.slice(0, 11));
    expect(proposed('screen_sharing')).toEqual(['user_pointer']);
    expect(proposed('full_access')).toEqual([...PERMISSIONS]);
  });
});
