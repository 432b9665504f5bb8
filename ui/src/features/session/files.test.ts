import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';
import type { Permission, TransferView } from '../../ipc/types';

const UPLOAD: TransferView = {
  number: 1,
  title: { kind: 'of', name: 'driver.bin', others: 2 },
  arrives: false,
  phase: { name: 'running' },
  bytes: 1_500_000,
  bytes_total: 3_000_000,
  files: 0,
  files_total: 3,
  failed: 0,
};

async function show(permissions: Permission[], scenario = 'running') {
  const mock = stage(`?scenario=${scenario}`);
  const session = mock.stage.world.sessions.get(VIEWER_SESSION);
  if (session) session.permissions = permissions;
  render(App, { view: 'session', id: VIEWER_SESSION });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('radio', { name: 'Files' }));
  return { mock, user };
}

describe('files in the session window', () => {
  it('are looked through and fetched, where the host allows it', async () => {
    const { mock, user } = await show(['file_manager']);
    await user.click(await screen.findByRole('button', { name: 'Invoices' }));
    await waitFor(() => expect(called(mock, 'look_into').at(-1)).toEqual({ id: VIEWER_SESSION, folder: ['Invoices'] }));
    await screen.findByRole('heading', { name: 'Invoices' });
    await user.click(screen.getByRole('checkbox', { name: 'Select scan.pdf' }));
    await user.click(screen.getByRole('button', { name: 'Fetch 1 selected…' }));
    expect(called(mock, 'fetch_files')).toEqual([{ id: VIEWER_SESSION, wanted: [['Invoices', 'scan.pdf']] }]);
  });

  it('are chosen in a dialog of the system, never by the page', async () => {
    const { mock, user } = await show(['file_manager']);
    await user.click(await screen.findByRole('button', { name: 'Send folders…' }));
    expect(called(mock, 'send_files')).toEqual([{ id: VIEWER_SESSION, folders: true }]);
  });

  it('are not offered where the host does not allow it', async () => {
    const { mock } = await show([]);
    expect(await screen.findByText('The other side does not allow file transfer at the moment.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Send files…' })).toBeNull();
    expect(called(mock, 'look_into')).toEqual([]);
  });

  it('are not sent where the other side has chosen no folder, who is asked for one in the chat', async () => {
    const { mock, user } = await show(['file_manager'], 'no-folder');
    await screen.findByText('The other side has chosen no folder for files yet.');
    const send = screen.getByRole('button', { name: 'Send files…' });
    expect(send).toHaveAccessibleDescription('The other side has chosen no folder for files yet.');
    await user.click(send);
    expect(called(mock, 'send_files')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Ask for one in the chat…' }));
    const line = screen.getByRole('textbox', { name: 'Write to Dana Fox' });
    expect(line).toHaveFocus();
    expect(line).toHaveDisplayValue(/^Please choose a folder/);
    expect(called(mock, 'send_chat'), 'it is the person who sends it').toEqual([]);
  });

  it('keep what was typed in the chat', async () => {
    const { user } = await show([]);
    await user.click(screen.getByRole('radio', { name: 'Chat' }));
    await user.type(screen.getByRole('textbox', { name: 'Write to Dana Fox' }), 'half a sen');
    await user.click(screen.getByRole('radio', { name: 'Files' }));
    await user.click(screen.getByRole('radio', { name: 'Chat' }));
    expect(screen.getByRole('textbox', { name: 'Write to Dana Fox' })).toHaveValue('half a sen');
  });

  it('show how far they are, and can be paused and cancelled', async () => {
    const { mock, user } = await show(['file_manager']);
    mock.stage.world.transfers = [UPLOAD];
    mock.stage.hint({ kind: 'files', id: VIEWER_SESSION });
    expect(await screen.findByText('driver.bin and 2 more')).toBeVisible();
    expect(screen.getByText('1.5 MB of 3 MB')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    await user.click(screen.getByRole('button', { name: 'Cancel the transfer' }));
    expect(called(mock, 'act_on_transfer').map(({ act }) => act)).toEqual(['pause', 'cancel']);
  });

  it('lists the host’s folder again once something has arrived there', async () => {
    const { mock, user } = await show(['file_manager']);
    await user.click(await screen.findByRole('checkbox', { name: 'Select scan.pdf' }));
    const change = (phase: TransferView['phase']) => {
      mock.stage.world.transfers = [{ ...UPLOAD, phase }];
      mock.stage.hint({ kind: 'files', id: VIEWER_SESSION });
    };
    change({ name: 'running' });
    await screen.findByText('1.5 MB of 3 MB');
    const before = called(mock, 'look_into').length;
    change({ name: 'done' });
    await waitFor(() => expect(called(mock, 'look_into')).toHaveLength(before + 1));
    expect(screen.getByRole('checkbox', { name: 'Select scan.pdf' }), 'what was chosen stays').toBeChecked();
  });
});
