import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { called, stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';
import type { MonitorsState } from '../../ipc/types';

const show = (scenario: string) => {
  const mock = stage(`?scenario=${scenario}`);
  render(App, { view: 'session', id: VIEWER_SESSION });
  const become = (monitors: MonitorsState) => {
    const session = mock.stage.world.sessions.get(VIEWER_SESSION);
    if (session) session.monitors = monitors;
    mock.stage.hint({ kind: 'session', id: VIEWER_SESSION });
  };
  return { mock, become, user: userEvent.setup() };
};

const MAIN = { name: 'DP-1', width: 1920, height: 1080 };
const entry = (label: string) => screen.findByText(label, { selector: '[role=menuitemradio]' });
const menu = () => screen.findByRole('button', { name: 'Monitors' });

describe('the monitors of the other computer', () => {
  it('are in a menu that the keyboard reaches', async () => {
    const { mock, user } = show('monitors');
    (await menu()).focus();
    await waitFor(() => expect(called(mock, 'open_screen')).toEqual([{ id: VIEWER_SESSION, monitor: 0 }]));
    await user.keyboard('{Enter}');
    expect(await entry('Monitor 1 · 1920×1080 · main · DP-1')).toHaveAttribute('aria-checked', 'true');
    expect(await entry('Monitor 2 · 1280×1024 · HDMI-1')).toHaveAttribute('aria-checked', 'false');
  });

  it('are no menu where there is one', async () => {
    show('running');
    await screen.findByRole('application', { name: 'Screen of Dana Fox' });
    expect(screen.queryByRole('button', { name: 'Monitors' })).toBeNull();
  });

  it('become a menu when another one is plugged in', async () => {
    const { become } = show('running');
    await screen.findByRole('application', { name: 'Screen of Dana Fox' });
    become({ all: [MAIN, { name: '', width: 800, height: 600 }], shown: 0, instead: false });
    expect(await menu()).toBeVisible();
  });

  it('are told of where the chosen one has gone, until that is read', async () => {
    const { become, user } = show('monitor-gone');
    const gone = /The chosen monitor is not there any more/;
    expect(await screen.findByText(gone)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByText(gone)).toBeNull());
    become({ all: [MAIN], shown: 0, instead: false });
    become({ all: [MAIN], shown: 0, instead: true });
    expect(await screen.findByText(gone)).toBeVisible();
  });

  it('are named by somebody else, as plain text', async () => {
    const { become, user } = show('running');
    await screen.findByRole('application', { name: 'Screen of Dana Fox' });
    become({ all: [MAIN, { name: '<img src=x>', width: 1, height: 1 }], shown: 1, instead: false });
    await user.click(await menu());
    expect(await entry('Monitor 2 · 1×1 · <img src=x>')).toBeInTheDocument();
  });
});
