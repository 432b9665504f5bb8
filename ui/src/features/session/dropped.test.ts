import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';
import type { NotSent, SessionState } from '../../ipc/types';

const NOT_ALLOWED = 'Nothing was sent: Dana Fox does not allow file transfer at the moment.';

async function show(side: 'viewer' | 'host') {
  const mock = stage('?scenario=running');
  const session = mock.stage.world.sessions.get(VIEWER_SESSION) as SessionState;
  Object.assign(session, { side, permissions: [], available: ['file_manager'] });
  Object.assign(session.asks, { possible: ['file_manager'], open: [], refused: [] });
  render(App, { view: side === 'viewer' ? 'session' : 'host', id: VIEWER_SESSION });
  await screen.findAllByText(/Dana Fox/);
  const drops = (why: NotSent, id = VIEWER_SESSION) => mock.stage.hint({ kind: 'not_sent', id, why });
  const becomes = (changes: Partial<SessionState>) => {
    Object.assign(session, changes);
    mock.stage.hint({ kind: 'session', id: VIEWER_SESSION });
  };
  return { mock, drops, becomes, user: userEvent.setup() };
}

describe('what is dropped on a window and not sent', () => {
  it('is told to the viewer, who can ask for file transfer there', async () => {
    const { mock, drops, becomes, user } = await show('viewer');
    drops('not_allowed');
    expect(await screen.findByText(NOT_ALLOWED)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Ask for file transfer' }));
    expect(called(mock, 'ask_for')).toEqual([{ id: VIEWER_SESSION, permission: 'file_manager' }]);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Ask for file transfer' })).toBeNull());
    expect(screen.getByText(NOT_ALLOWED).closest('[role=status]')).toHaveTextContent(/Asked$/);
    becomes({ permissions: ['file_manager'] });
    await waitFor(() => expect(screen.queryByText(NOT_ALLOWED)).toBeNull());
  });

  it('is told once more after it was dismissed, and not for another session', async () => {
    const { drops, user } = await show('viewer');
    drops('not_allowed', '00000000-0000-0000-0000-000000000000');
    expect(screen.queryByText(NOT_ALLOWED)).toBeNull();
    drops('not_allowed');
    await user.click(await screen.findByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText(NOT_ALLOWED)).toBeNull();
    drops('not_allowed');
    expect(await screen.findByText(NOT_ALLOWED)).toBeVisible();
  });

  it('is told to the host, who turns it on or waits until the viewer types no more', async () => {
    const { drops } = await show('host');
    drops('not_allowed');
    expect(await screen.findByText('Nothing was offered: file transfer is off. Turn it on, then drop the files again.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Ask for file transfer' })).toBeNull();
    drops('viewer_is_typing');
    expect(
      await screen.findByText('Nothing was offered, since Dana Fox is using keys or buttons here. Drop the files again in a moment.'),
    ).toBeVisible();
  });
});
