import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { called, picks, stage } from '../../../../tests/stage';
import App from '../../../App.svelte';
import { ANA, DIRECTORY, TOM } from '../../../ipc/mock/data';
import History from '../History.svelte';
import { sentence, where } from '../history';

const open = async (name: string, scenario = 'agent') => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'main', id: '' });
  const user = userEvent.setup();
  await user.click(await screen.findByText(name, { selector: '[role=gridcell]' }));
  const detail = await screen.findByRole('region', { name: new RegExp(`^Details of the request for ${name}`) });
  await within(detail).findByText('Assigned to');
  return { mock, user, detail };
};

const fact = (detail: HTMLElement, name: string) => {
  const dd = within(detail).getByText(name, { selector: 'dt' }).nextElementSibling as HTMLElement;
  return within(dd);
};

describe('a field in the details', () => {
  it('is opened with Enter or F2, saved with Enter, and the focus comes back', async () => {
    const { mock, user, detail } = await open('Dana Fox');
    const name = within(detail).getByRole('button', { name: 'Dana Fox' });
    for (const key of ['{Enter}', '{F2}']) {
      name.focus();
      await user.keyboard(key);
      await waitFor(() => expect(within(detail).getByLabelText('Recipient name', { selector: 'input' })).toHaveFocus());
      await user.keyboard('{Escape}');
      await waitFor(() => expect(within(detail).getByRole('button', { name: 'Dana Fox' })).toHaveFocus());
    }
    await user.keyboard('{F2}');
    await waitFor(() => expect(within(detail).getByLabelText('Recipient name', { selector: 'input' })).toHaveFocus());
    await user.keyboard('Dana Q. Fox{Enter}');
    await waitFor(() => expect(called(mock, 'edit_request')[0]).toMatchObject({ edit: { recipient: 'Dana Q. Fox' } }));
    expect(await within(detail).findByRole('button', { name: 'Dana Q. Fox' })).toHaveFocus();
  });

  it('keeps what was typed when it is refused, and says why', async () => {
    const { user, detail } = await open('Dana Fox');
    await user.click(within(detail).getByRole('button', { name: 'Dana Fox' }));
    const field = within(detail).getByLabelText('Recipient name', { selector: 'input' });
    await user.clear(field);
    expect(await within(detail).findByText('Enter the name of the recipient.')).toBeVisible();
    const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView');
    await user.keyboard('Refused{Enter}');
    const why = await within(detail).findByText(/contains characters that cannot be shown/);
    expect(why).toBeVisible();
    expect(field).toHaveValue('Refused');
    await waitFor(() => expect(scrolled.mock.contexts.some((part) => (part as Element).contains(why))).toBe(true));
  });

  it('is not saved to another request', async () => {
    const { mock, user, detail } = await open('Dana Fox');
    await user.click(within(detail).getByRole('button', { name: 'Dana Fox' }));
    await user.click(screen.getByText('Li Wei', { selector: '[role=gridcell]' }));
    const other = await screen.findByRole('region', { name: /request for Li Wei/ });
    expect(within(other).queryByLabelText('Recipient name')).toBeNull();
    expect(called(mock, 'edit_request')).toEqual([]);
  });

  it('gives the request to somebody else', async () => {
    const { mock, user, detail } = await open('Dana Fox');
    await user.click(fact(detail, 'Assigned to').getByRole('button'));
    await user.click(within(detail).getByRole('combobox', { name: 'Assign to' }));
    await user.keyboard('tomas');
    await waitFor(() => expect(screen.getAllByRole('option', { hidden: true })).toHaveLength(1));
    await user.keyboard('{Enter}');
    await user.click(within(detail).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(called(mock, 'assign_request')[0]).toMatchObject({ to: { agent: TOM.id } }));
    expect(await within(detail).findByText('Ana Marsh assigned it to Tomás Ribeiro')).toBeVisible();
  });

  it('changes the address, whether mail is sent and its language together', async () => {
    const { mock, user, detail } = await open('João Prado');
    await user.click(fact(detail, 'Email').getByRole('button'));
    const field = within(detail).getByLabelText('Email', { selector: 'input' });
    await user.clear(field);
    expect(await within(detail).findByText('Enter the address to which the mail goes.')).toBeVisible();
    await user.type(field, 'joao@new.example');
    await picks(user, within(detail).getByRole('combobox', { name: 'Email language' }), 'Deutsch');
    await user.click(within(detail).getByRole('button', { name: 'Save' }));
    const contact = { email: 'joao@new.example', send_mail: true, language: 'de' };
    await waitFor(() => expect(called(mock, 'edit_request')[0]).toMatchObject({ edit: { contact } }));
  });

  it('moves the time, and starts at once with one press', async () => {
    const { mock, user, detail } = await open('Fatima Haddad');
    await user.click(fact(detail, 'Schedule').getByRole('button', { name: /tomorrow/ }));
    await user.clear(within(detail).getByLabelText('Date'));
    await user.type(within(detail).getByLabelText('Date'), '2030-07-01{Enter}');
    await waitFor(() => expect(called(mock, 'reschedule_request')).toHaveLength(1));
    expect(called(mock, 'reschedule_request')[0]).toMatchObject({ schedule: { zone: 'Europe/Lisbon' }, expiry: null });
    expect(await within(detail).findByText(/Ana Marsh scheduled it for Jul 1/)).toBeVisible();
    await user.click(fact(detail, 'Schedule').getByRole('button', { name: 'Start now' }));
    expect(await within(detail).findByText('None: it starts at once')).toBeVisible();
    expect(called(mock, 'start_now')).toHaveLength(1);
  });

  it('may end up to ninety days after the scheduled time, also after that was moved', async () => {
    const { mock, user, detail } = await open('Fatima Haddad');
    await user.click(fact(detail, 'Schedule').getByRole('button', { name: /tomorrow/ }));
    await user.clear(within(detail).getByLabelText('Date'));
    await user.type(within(detail).getByLabelText('Date'), '2030-07-01{Enter}');
    await within(detail).findByText(/Ana Marsh scheduled it for Jul 1/);
    await user.click(fact(detail, 'Expires').getByRole('button'));
    await picks(user, within(detail).getByRole('combobox', { name: 'Expires' }), 'On a date');
    const date = within(detail).getByLabelText('Date');
    await user.clear(date);
    await user.type(date, '2030-09-28{Enter}');
    await waitFor(() => expect(called(mock, 'edit_request')[0]).toMatchObject({ edit: { expiry: { at: { local: expect.stringMatching(/^2030-09-28/) } } } }));
  });

  it('can be told to send no more mail where the service has lost its mail server, and not to send any again', async () => {
    const { mock, user, detail } = await open('João Prado', 'no-mail');
    await user.click(fact(detail, 'Email').getByRole('button'));
    const mail = within(detail).getByRole('switch', { name: 'Send mail about changes' });
    expect(mail).toBeChecked();
    await user.click(mail);
    expect(mail).toBeDisabled();
    expect(mail).toHaveAccessibleDescription(/cannot send mail yet/);
    await user.click(within(detail).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(called(mock, 'edit_request')[0]).toMatchObject({ edit: { contact: { send_mail: false } } }));
  });

  it('changes when it ends and what it allows', async () => {
    const { mock, user, detail } = await open('Dana Fox');
    await user.click(fact(detail, 'Expires').getByRole('button'));
    await picks(user, within(detail).getByRole('combobox', { name: 'Expires' }), '7 days');
    await user.click(within(detail).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(called(mock, 'edit_request')[0]).toMatchObject({ edit: { expiry: { after_seconds: 604_800 } } }));
    await user.click(fact(detail, 'Permissions').getByRole('button'));
    await picks(user, within(detail).getByRole('combobox', { name: 'Permission profile' }), 'Full access');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(mock, 'edit_request')[1]).toMatchObject({ edit: { profile: 'full_access' } }));
  });

  it('proposes an own profile, as it is now', async () => {
    const { mock, user, detail } = await open('Dana Fox');
    await user.click(fact(detail, 'Permissions').getByRole('button'));
    await picks(user, within(detail).getByRole('combobox', { name: 'Permission profile' }), 'Only show and write');
    expect(within(detail).getByText('On: Clipboard text and Pointer when control is off.')).toBeVisible();
    await user.click(within(detail).getByRole('button', { name: 'Save' }));
    const profile = { name: 'Only show and write', permissions: ['clipboard', 'user_pointer'] };
    await waitFor(() => expect(called(mock, 'edit_request')[0]).toMatchObject({ edit: { profile } }));
    expect(await within(detail).findByText('Only show and write (own profile)')).toBeVisible();
  });

  it('tells another agent’s profile from a built-in one of that name, and can keep it', async () => {
    const { user, detail } = await open('Søren Lindqvist');
    await user.click(fact(detail, 'Permissions').getByRole('button', { name: /^Screen sharing \(own profile\)/ }));
    const choice = within(detail).getByRole('combobox', { name: 'Permission profile' });
    expect(choice).toHaveTextContent('Screen sharing (own profile)');
    await picks(user, choice, 'Full access');
    await picks(user, choice, 'Screen sharing (own profile)');
    expect(within(detail).getByText(/^On: Control keyboard and mouse/)).toBeVisible();
  });

  it('stays as it is while the session that it is about runs', async () => {
    const { detail } = await open('Ingrid Berg');
    expect(fact(detail, 'Assigned to').queryByRole('button')).toBeNull();
    expect(fact(detail, 'Schedule').queryByRole('button')).toBeNull();
    expect(fact(detail, 'Expires').getByRole('button')).toBeVisible();
  });

  it('says that changes need the service, and changes nothing without it', async () => {
    const { mock, user, detail } = await open('Dana Fox', 'offline');
    expect(within(detail).getByText(/Changes need the service/)).toBeVisible();
    const name = within(detail).getByRole('button', { name: 'Dana Fox' });
    expect(name).toHaveAttribute('aria-disabled', 'true');
    await user.click(name);
    await user.click(within(detail).getByRole('button', { name: 'Close request' }));
    expect(within(detail).queryByLabelText('Recipient name')).toBeNull();
    expect(called(mock, 'close_request')).toEqual([]);
  });

  it('is only read by who may only look', async () => {
    const { detail } = await open('Dana Fox', 'viewer');
    expect(fact(detail, 'Assigned to').queryByRole('button')).toBeNull();
    expect(within(detail).queryByRole('button', { name: 'Dana Fox' })).toBeNull();
  });

  it('that is closed opens again, for as long as was chosen', async () => {
    const { mock, user, detail } = await open('Chloé Moreau');
    await user.click(within(detail).getByRole('button', { name: 'Reopen' }));
    const dialog = await screen.findByRole('dialog', { name: 'Reopen the request for Chloé Moreau?' });
    const expires = within(dialog).getByRole('combobox', { name: 'Expires' });
    await waitFor(() => expect(expires).toHaveFocus());
    await picks(user, expires, '1 hour');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called(mock, 'reopen_request')[0]).toMatchObject({ expiry: { after_seconds: 3_600 } }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('the history', () => {
  const NOW = Date.UTC(2026, 10, 22, 9);
  const told = (entry: Partial<Parameters<typeof sentence>[0]>) =>
    sentence({ at: '', act: 'assign', by: ANA, device: null, comment: null, ...entry }, DIRECTORY, NOW);
  const nobody = { agent: null, queue: null, device: null };

  it('says to whom a request was given', () => {
    expect(told({ assigned_to: { ...nobody, agent: TOM } })).toBe('Ana Marsh assigned it to Tomás Ribeiro');
    expect(told({ assigned_to: { ...nobody, queue: { id: 'q', name: 'Tier 1' } } })).toBe('Ana Marsh assigned it to Tier 1');
    expect(told({ assigned_to: { ...nobody, device: '348207516' } })).toBe('Ana Marsh assigned it to FRONT-DESK');
    expect(told({ assigned_to: nobody })).toBe('Ana Marsh assigned it to nobody');
    expect(told({})).toBe('Ana Marsh assigned it to somebody else');
  });

  it('says softly from which device it was done, where the sentence does not', () => {
    const from = (entry: Partial<Parameters<typeof where>[0]>) =>
      where({ at: '', act: 'close', by: ANA, device: null, comment: null, ...entry }, DIRECTORY);
    expect(from({ device: '348207516' })).toBe('FRONT-DESK');
    expect(from({ device: '614302219' })).toBe('Device 614\u00a0302\u00a0219');
    expect(from({ act: 'join', device: '348207516' })).toBeUndefined();
    expect(from({})).toBeUndefined();
  });

  it('tells the newest first, also of what happened in one moment', () => {
    const at = new Date(NOW).toISOString();
    const acts = (['connect', 'connected', 'disconnect'] as const).map((act) => ({ at, act, by: ANA, device: '348207516', comment: null }));
    render(History, { entries: acts, error: null, directory: DIRECTORY });
    const told = screen.getAllByRole('listitem').map((item) => item.textContent);
    expect(told).toEqual([expect.stringContaining('ended the session'), expect.stringContaining('began'), expect.stringContaining('pressed Connect')]);
    expect(told[0]).toContain('ended the session FRONT-DESK');
  });

  it('names the device, the time, or that nobody is named', () => {
    expect(told({ act: 'join', by: null, device: '348207516' })).toBe('Device 348\u00a0207\u00a0516 joined');
    expect(told({ act: 'leave', by: null })).toBe('The device left');
    expect(told({ act: 'close', by: null })).toBe('Somebody closed the request');
    const schedule = { at: new Date(NOW + 24 * 3_600_000).toISOString(), zone: 'UTC' };
    expect(told({ act: 'reschedule', schedule })).toMatch(/^Ana Marsh scheduled it for tomorrow /);
  });
});
