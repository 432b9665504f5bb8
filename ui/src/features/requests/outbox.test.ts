import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import type { NewRequest, WaitingCreate } from '../../ipc/types';

const show = async (scenario: string, changes: Partial<WaitingCreate> = {}) => {
  const mock = stage(`?scenario=${scenario}`);
  Object.assign(mock.stage.world.waiting[0] ?? {}, changes);
  render(App, { view: 'main', id: '' });
  await screen.findByText('Dana Fox', { selector: '[role=gridcell]' });
  return { mock, user: userEvent.setup() };
};

const outbox = () => screen.findByRole('list', { name: 'Waiting to be sent' });

describe('the outbox', () => {
  it('shows what waits, whose it is and why it was refused', async () => {
    await show('outbox');
    const list = await outbox();
    expect(within(list).getByText(/It goes as soon as the service can take it/)).toBeVisible();
    expect(within(list).getByText(/It goes when Priya Nair is signed in here/)).toBeVisible();
    expect(within(list).getByRole('alert')).toHaveTextContent('That time has passed');
  });

  it('offers to try again only where that can help, and to edit only what was refused', async () => {
    const { mock, user } = await show('outbox');
    expect(screen.queryByRole('button', { name: /^Try again/ })).toBeNull();
    expect(screen.getAllByRole('button', { name: /^Edit the request/ })).toHaveLength(1);
    const refused = mock.stage.world.waiting[0] as WaitingCreate;
    Object.assign(refused, { error: { code: 'not_assignable', params: {}, trace: '' }, retry_may_help: true });
    mock.stage.hint({ kind: 'requests', ids: [] });
    await user.click(await screen.findByRole('button', { name: 'Try again to create the request for Emre Yıldız' }));
    await waitFor(() => expect(called(mock, 'retry_create')).toHaveLength(1));
  });

  it('discards only after it has asked', async () => {
    const { mock, user } = await show('outbox');
    await user.click(screen.getByRole('button', { name: 'Discard the request for Grace Hopper' }));
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('What was entered is lost.');
    expect(called(mock, 'discard_create')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(screen.queryByText('Grace Hopper')).toBeNull());
  });

  it('takes what is created while the service is out of reach, and says so in the details', async () => {
    const { user } = await show('offline');
    await user.keyboard('n');
    await user.type(await screen.findByLabelText('Recipient name'), 'Ada Lovelace{Enter}');
    expect(within(await outbox()).getByText('Ada Lovelace')).toBeVisible();
    expect(await screen.findByText(/It gets its link as soon as the service has it/)).toBeVisible();
  });
});

describe('what the service refused later', () => {
  const typed: Partial<WaitingCreate> = {
    comments: 'Second floor,\nnext to the kitchen.',
    contact: { email: 'emre@home.example', send_mail: true, language: 'de' },
    assign_to: { queue: '0190b7a0-0000-7000-8000-0000000000f1' },
    profile: 'full_access',
    schedule: { at: '2020-01-15T08:30:00Z', zone: 'Europe/Berlin' },
    expiry: { after_seconds: 28_800 },
  };
  const edits = async (changes: Partial<WaitingCreate> = typed) => {
    const shown = await show('outbox', changes);
    await shown.user.click(screen.getByRole('button', { name: 'Edit the request for Emre Yıldız' }));
    const dialog = await screen.findByRole('dialog', { name: 'Edit the refused request' });
    return { ...shown, dialog };
  };

  it('is edited with everything that was typed, from where it is wrong', async () => {
    const { dialog } = await edits();
    await waitFor(() => expect(screen.getByLabelText('Date')).toHaveFocus());
    expect(within(dialog).getByText(/That time has passed/)).toBeVisible();
    expect(screen.getByLabelText('Date')).toHaveValue('01/15/2020');
    expect(screen.getByLabelText('Time')).toHaveValue('9:30 AM');
    expect(screen.getByLabelText('Time zone')).toHaveValue('Europe/Berlin');
    expect(screen.getByLabelText('Recipient name')).toHaveValue('Emre Yıldız');
    expect(screen.getByLabelText('Email')).toHaveValue('emre@home.example');
    expect(screen.getByLabelText('Send invitation email')).toBeChecked();
    expect(screen.getByLabelText('Email language')).toHaveTextContent('Deutsch');
    expect(screen.getByLabelText('Comments')).toHaveValue('Second floor,\nnext to the kitchen.');
    expect(screen.getByLabelText('Assign to')).toHaveValue('Tier 1');
    expect(screen.getByLabelText('Expires')).toHaveTextContent('8 hours');
    expect(screen.getByLabelText('Permission profile')).toHaveTextContent('Full access');
  });

  it('is replaced by what is sent, and stands nowhere twice', async () => {
    const { mock, user } = await edits();
    const { id } = mock.stage.world.waiting[0] as WaitingCreate;
    await user.click(screen.getByRole('switch', { name: 'Schedule' }));
    await user.click(screen.getByRole('button', { name: 'Create request' }));
    await waitFor(() => expect(called(mock, 'replace_create')).toHaveLength(1));
    const sent = called(mock, 'replace_create')[0]?.request as NewRequest;
    const kept = { id, recipient: 'Emre Yıldız', schedule: null, profile: 'full_access', expiry: { after_seconds: 28_800 } };
    expect(sent).toMatchObject(kept);
    expect(called(mock, 'create_request')).toEqual([]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(within(await outbox()).getAllByText('Emre Yıldız')).toHaveLength(1);
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('keeps a date as it was chosen', async () => {
    await edits({ ...typed, schedule: null, expiry: { at: '2020-01-15T08:30:00Z' }, error: { code: 'expires_too_soon', params: {}, trace: '' } });
    expect(await screen.findByLabelText('Expires')).toHaveTextContent('On a date');
    expect(screen.getByLabelText('Date')).toHaveValue('01/15/2020');
  });
});
