import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, picks, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import type { RequestView } from '../../ipc/types';
import { ANA, request as make } from '../../ipc/mock/data';
import { connectHint, note } from './facts';
import { moved } from './moves';
import { commentsProblem, emailProblem, recipientProblem } from './rules';

const show = (search = '') => {
  const mock = stage(search);
  render(App, { view: 'main', id: '' });
  return mock;
};

const row = async (name: string): Promise<HTMLElement> => {
  const cell = await screen.findByText(name, { selector: '[role=gridcell]' });
  return cell.closest<HTMLElement>('[role=row]') as HTMLElement;
};

const menu = () =>
  waitFor(() => {
    const items = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
    expect(items).not.toHaveLength(0);
    return items;
  });

describe('the requests view', () => {
  it('draws only the rows in sight of ten thousand', async () => {
    show('?scenario=many&count=10000');
    const grid = await screen.findByRole('grid');
    await row('Dana Fox');
    expect(grid.getAttribute('aria-rowcount')).toBe('10001');
    expect(within(grid).getAllByRole('row').length).toBeLessThan(40);
  });

  it('has one row that the Tab key reaches, and arrow keys move it', async () => {
    const user = userEvent.setup();
    show();
    const first = await row('Dana Fox');
    expect(document.querySelectorAll('[role=row][tabindex="0"]')).toHaveLength(1);
    first.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-index')).toBe('2'));
    await user.keyboard('{End}');
    await waitFor(() => expect(document.activeElement?.getAttribute('data-index')).toBe('11'));
  });

  it('opens the details with Enter, and Esc leads back to the row', async () => {
    const user = userEvent.setup();
    show();
    (await row('Dana Fox')).focus();
    await user.keyboard('{Enter}');
    const detail = await screen.findByRole('region', { name: /Dana Fox/ });
    await waitFor(() => expect(detail).toHaveFocus());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toHaveTextContent('Dana Fox'));
    expect(screen.queryByRole('region', { name: /Dana Fox/ })).toBeNull();
  });

  it('says why Connect cannot be pressed, and does not press it', async () => {
    const user = userEvent.setup();
    const mock = show();
    const button = within(await row('João Prado')).getByRole('button', { name: 'Connect to João Prado' });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute('aria-description', expect.stringContaining('No device has joined'));
    await user.click(button);
    expect(called(mock, 'connect')).toEqual([]);
  });

  it('tells in words what the service refused', async () => {
    const user = userEvent.setup();
    const mock = show();
    await row('Dana Fox');
    mock.stage.world.fails = 'taken_by';
    await user.click(screen.getByRole('button', { name: 'Connect to Dana Fox' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/was first and has it/);
  });

  it('asks before it closes a connected request, and only then', async () => {
    const user = userEvent.setup();
    const mock = show();
    const connected = await row('Ingrid Berg');
    await user.click(within(connected).getByRole('button', { name: /More for/ }));
    await user.click(await screen.findByText('Close request…', { selector: '[role=menuitem]' }));
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('Tomás Ribeiro is connected to Ingrid Berg');
    expect(called(mock, 'close_request')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'End and close' }));
    await waitFor(() => expect(called(mock, 'close_request')).toHaveLength(1));
  });

  it('offers Claim only where nobody has it: from another agent it is assigned', async () => {
    const user = userEvent.setup();
    show();
    const offers = async (name: string) => {
      await user.click(within(await row(name)).getByRole('button', { name: /More for/ }));
      const offered = (await menu()).map((item) => item.textContent?.trim());
      await user.keyboard('{Escape}');
      await waitFor(() => expect(document.querySelector('[role=menu]')).toBeNull());
      return offered;
    };
    expect(await offers('Fatima Haddad')).toContain('Claim');
    expect(await offers('Oleksandr Bondar')).not.toContain('Claim');
  });

  it('says in its menu too that acts need the service', async () => {
    const user = userEvent.setup();
    show('?scenario=offline');
    await user.click(within(await row('Fatima Haddad')).getByRole('button', { name: /More for/ }));
    for (const item of await menu()) {
      expect(item).toHaveAttribute('aria-disabled', 'true');
      expect(item).toHaveAttribute('aria-description', expect.stringContaining('need the service'));
    }
  });

  it('copies no dead link with its key', async () => {
    const user = userEvent.setup();
    const mock = show();
    await user.click(await row('Chloé Moreau'));
    await user.keyboard('c');
    await user.click(await row('Fatima Haddad'));
    await screen.findByRole('region', { name: /Fatima Haddad/ });
    await user.keyboard('c');
    await waitFor(() => expect(called(mock, 'copy_text')).not.toHaveLength(0));
    const closed = mock.stage.world.requests.find(({ recipient }) => recipient === 'Chloé Moreau');
    expect(called(mock, 'request_link').map(({ id }) => id)).not.toContain(closed?.id);
  });

  it('offers a viewer nothing to change', async () => {
    show('?scenario=viewer');
    await row('Dana Fox');
    expect(screen.queryByRole('button', { name: 'New request' })).toBeNull();
    expect(screen.getByText('You can look at requests, but not change them.')).toBeVisible();
  });
});

describe('the dialog for a new request', () => {
  it('creates with Enter, selects the new row and puts the focus on Copy link', async () => {
    const user = userEvent.setup();
    const mock = show();
    await row('Dana Fox');
    await user.keyboard('n');
    await waitFor(() => expect(screen.getByLabelText('Recipient name')).toHaveFocus());
    await user.keyboard('Grace Hopper{Enter}');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Copy link' })).toHaveFocus());
    expect((await row('Grace Hopper')).getAttribute('aria-selected')).toBe('true');
    const [{ request } = { request: undefined }] = called(mock, 'create_request');
    expect(request).toMatchObject({ recipient: 'Grace Hopper', assign_to: 'myself', profile: 'default', comments: '' });
    expect((request as { id: string }).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('leaves with Esc, and the focus goes back to New', async () => {
    const user = userEvent.setup();
    show();
    const button = await screen.findByRole('button', { name: 'New request' });
    await user.click(button);
    await screen.findByRole('dialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(button).toHaveFocus());
  });

  it('says what is missing and sends nothing', async () => {
    const user = userEvent.setup();
    const mock = show();
    await row('Dana Fox');
    await user.keyboard('n');
    await screen.findByRole('dialog');
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    expect(await screen.findByText('Enter the name of the recipient.')).toBeVisible();
    expect(screen.getByLabelText('Recipient name')).toHaveFocus();
    expect(called(mock, 'create_request')).toEqual([]);
  });

  it('creates with Ctrl+Enter from the comments, where Enter begins a line', async () => {
    const user = userEvent.setup();
    const mock = show();
    await row('Dana Fox');
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Bo');
    await user.type(screen.getByLabelText('Comments'), 'one{Enter}two');
    expect(called(mock, 'create_request')).toEqual([]);
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(called(mock, 'create_request')).toHaveLength(1));
    expect(called(mock, 'create_request')[0]?.request).toMatchObject({ comments: 'one\ntwo' });
  });
});

describe('mail to the recipient', () => {
  const opens = async (user: ReturnType<typeof userEvent.setup>, name: string) => {
    await user.click(await screen.findByText(name, { selector: '[role=gridcell]' }));
    return screen.findByRole('region', { name: new RegExp(name) });
  };

  it('is sent with the request, to the address and in the language of the dialog', async () => {
    const user = userEvent.setup();
    const mock = show();
    await row('Dana Fox');
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Grace Hopper');
    await user.tab();
    expect(screen.getByLabelText('Email')).toHaveFocus();
    await user.keyboard(' grace@example.com ');
    await user.tab();
    expect(screen.getByLabelText('Send invitation email')).toHaveFocus();
    await user.keyboard(' ');
    await user.tab();
    await picks(user, screen.getByRole('combobox', { name: 'Email language' }), 'Deutsch');
    await user.tab();
    expect(screen.getByLabelText('Comments')).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    const sent = { email: 'grace@example.com', send_mail: true, language: 'de' };
    await waitFor(() => expect(called(mock, 'create_request')[0]?.request).toMatchObject(sent));
    const detail = await screen.findByRole('region', { name: /Grace Hopper/ });
    expect(await within(detail).findByText('grace@example.com')).toBeVisible();
    expect(within(detail).getByText('About to be sent')).toBeVisible();
  });

  it('asks for the address that it needs, and sends nothing without', async () => {
    const user = userEvent.setup();
    const mock = show();
    await row('Dana Fox');
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Bo');
    await user.click(screen.getByLabelText('Send invitation email'));
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    expect(await screen.findByText('Enter the address to which the mail goes.')).toBeVisible();
    expect(screen.getByLabelText('Email')).toHaveFocus();
    await user.keyboard('bo at home');
    expect(await screen.findByText(/This is not an email address/)).toBeVisible();
    expect(called(mock, 'create_request')).toEqual([]);
  });

  it('cannot be wanted where the service has no mail server, and says why', async () => {
    const user = userEvent.setup();
    const mock = show('?scenario=no-mail');
    await row('Dana Fox');
    await user.keyboard('n');
    const box = await screen.findByLabelText('Send invitation email');
    expect(box).toBeDisabled();
    expect(box).toHaveAccessibleDescription(/cannot send mail yet/);
    await user.type(screen.getByLabelText('Recipient name'), 'Bo{Enter}');
    await waitFor(() => expect(called(mock, 'create_request')[0]?.request).toMatchObject({ send_mail: false, email: '' }));
  });

  it('that failed says why, and goes again with one press', async () => {
    const user = userEvent.setup();
    const mock = show();
    const detail = await opens(user, 'João Prado');
    expect(await within(detail).findByText(/The mail server refused it/)).toBeVisible();
    await user.click(within(detail).getByRole('button', { name: 'Send again' }));
    await waitFor(() => expect(called(mock, 'send_mail_again')).toHaveLength(1));
    expect(await within(detail).findByText('About to be sent')).toBeVisible();
    expect(within(detail).queryByRole('button', { name: 'Send again' })).toBeNull();
  });

  it('that failed can go again also when the request is over, and what the service refuses is shown there', async () => {
    const user = userEvent.setup();
    const mock = stage();
    const closed = mock.stage.world.requests.find(({ recipient }) => recipient === 'Chloé Moreau');
    Object.assign(closed ?? {}, { mail: { state: 'failed', at: closed?.changed_at, problem: 'refused' } });
    render(App, { view: 'main', id: '' });
    const detail = await opens(user, 'Chloé Moreau');
    mock.stage.world.fails = 'not_in_this_status';
    await user.click(await within(detail).findByRole('button', { name: 'Send again' }));
    expect(await within(detail).findByRole('alert')).toBeVisible();
    mock.stage.world.fails = null;
    await user.click(within(detail).getByRole('button', { name: 'Send again' }));
    expect(await within(detail).findByText('About to be sent')).toBeVisible();
  });

  it('cannot be sent again without the service, and says why', async () => {
    const user = userEvent.setup();
    show('?scenario=offline');
    const detail = await opens(user, 'João Prado');
    const again = await within(detail).findByRole('button', { name: 'Send again' });
    expect(again).toHaveAttribute('aria-disabled', 'true');
    expect(again).toHaveAttribute('aria-description', expect.stringContaining('need the service'));
  });

  it('cannot be sent again by who may only look', async () => {
    const user = userEvent.setup();
    show('?scenario=viewer');
    const detail = await opens(user, 'João Prado');
    expect(await within(detail).findByText(/The mail server refused it/)).toBeVisible();
    expect(within(detail).queryByRole('button', { name: 'Send again' })).toBeNull();
  });
});

describe('what a row says', () => {
  const NOW = Date.UTC(2026, 10, 21, 13);
  const made = (extra: Partial<RequestView>) =>
    make(1, NOW, { status: 'waiting', recipient: 'Dana', connect: 'ask', extra });

  it('a denial is told with its time', () => {
    expect(note(made({ declined_at: new Date(NOW - 60_000).toISOString() }), NOW).text).toMatch(/^Declined \d/);
  });

  it('an end is told as one, an appointment by itself, both with the exact time behind', () => {
    const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
    const ends = note(made({ expires_at: at(2) }), NOW);
    expect(ends).toEqual({ text: 'Expires in 2 h', exact: expect.stringContaining('November 21, 2026') });
    const planned = made({ schedule: { at: at(20), zone: 'Europe/Berlin' }, expires_at: at(44) });
    const begins = note(planned, NOW);
    expect(begins).toMatchObject({ scheduled: true, text: expect.stringMatching(/^tomorrow 0?9:00/) });
    expect(begins.exact).toContain('Sunday, November 22, 2026');
    expect(note(planned, NOW + 21 * 3_600_000).text).toBe('Expires in 23 h');
  });

  it('was closed when it was closed, whatever was noted since', () => {
    const minutes = (ago: number) => new Date(NOW - ago * 60_000).toISOString();
    const closed = made({ status: 'closed', closed_at: minutes(90), changed_at: minutes(2) });
    expect(note(closed, NOW).exact).toBe(note({ ...closed, changed_at: minutes(90) }, NOW).exact);
    const { closed_at: _unsaid, ...older } = closed;
    expect(note(older, NOW).exact, 'of a service that does not say when').toBe(note({ ...closed, closed_at: minutes(2) }, NOW).exact);
  });

  it('who asks comes before everything else', () => {
    const ask = { session: '', agent: { id: '', name: 'Tom' }, mine: false, until: new Date(NOW).toISOString() };
    expect(note(made({ ask, declined_at: new Date(NOW).toISOString() }), NOW).text).toBe('Tom is asking');
  });

  it('offline, Connect says that it needs the service', () => {
    expect(connectHint(made({}), true).why).toBeUndefined();
    expect(connectHint(made({}), false).why).toContain('cannot be reached');
    expect(connectHint(made({ connect: 'taken' }), false).why).toContain('Another agent');
    expect(connectHint(made({ connect: 'mine' }), true).why).toContain('the device that has joined');
    const ask = { session: 'x', agent: ANA, mine: true, until: '' };
    expect(connectHint(made({ connect: 'mine', ask }), true).why).toContain('already in this session');
  });

  it('moves stop at both ends of the list', () => {
    expect(moved('ArrowUp', 0, 10, 5)).toBe(0);
    expect(moved('PageDown', 7, 10, 5)).toBe(9);
    expect(moved('PageUp', 7, 10, 5)).toBe(2);
    expect(moved('Home', 7, 10, 5)).toBe(0);
    expect(moved('End', 0, 10, 5)).toBe(9);
  });

  it('names and comments are measured as the service measures them', () => {
    expect(recipientProblem('  ')).toContain('Enter the name');
    expect(recipientProblem('é'.repeat(128))).toBeUndefined();
    expect(recipientProblem('🦊'.repeat(129))).toContain('129');
    expect(recipientProblem('Da\u202ena')).toContain('cannot be shown');
    expect(commentsProblem('one\ntwo')).toBeUndefined();
    expect(commentsProblem('x'.repeat(4_001))).toContain('4001');
    expect(commentsProblem('a\u0007')).toContain('cannot be shown');
    expect(emailProblem('', false)).toBeUndefined();
    expect(emailProblem(' dana@home.example ', true)).toBeUndefined();
    for (const bad of ['dana', 'dana@', 'a b@c', 'Dana <dana@c>', `${'x'.repeat(250)}@home.example`]) {
      expect(emailProblem(bad, false), bad).toContain('not an email address');
    }
  });
});
