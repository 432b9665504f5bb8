import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';
import { useTransport } from '../../ipc/transport';
import type { SessionState } from '../../ipc/types';

/** noVNC, with a picture at once. */
vi.mock('@novnc/novnc', () => ({
  default: class extends EventTarget {
    #picture = Object.assign(document.createElement('canvas'), { tabIndex: -1, width: 640, height: 480 });
    constructor(room: HTMLElement) {
      super();
      room.append(this.#picture);
      setTimeout(() => this.dispatchEvent(new Event('connect')));
    }
    focus() {
      this.#picture.focus();
    }
    disconnect() {
      this.#picture.remove();
    }
    getImageData() {
      return { width: 0, height: 0 };
    }
  },
}));

async function show() {
  const mock = stage('?scenario=running');
  useTransport({
    listen: (heard) => mock.listen(heard),
    invoke: (command, args) => (command === 'open_screen' ? Promise.resolve('ws://127.0.0.1/' as never) : mock.invoke(command, args)),
  });
  render(App, { view: 'session', id: VIEWER_SESSION });
  const become = (changes: Partial<SessionState>) => {
    Object.assign(mock.stage.world.sessions.get(VIEWER_SESSION) ?? {}, changes);
    mock.stage.hint({ kind: 'session', id: VIEWER_SESSION });
  };
  const far = await screen.findByRole('application', { name: 'Screen of Dana Fox' });
  await waitFor(() => expect(far).toHaveAttribute('data-shown', 'true'));
  return { become, far, picture: far.querySelector('canvas'), user: userEvent.setup() };
}

const panelButton = () => screen.getByRole('button', { name: /^Side panel/ });
const end = () => screen.getByText('End');
const bar = () => end().closest('.top');
const panel = () => document.querySelector('aside');
const writes = (text: string) => ({ chat: [{ mine: false, text, at: new Date().toISOString() }] });

async function fills(full: boolean) {
  Object.defineProperty(document, 'fullscreenElement', { configurable: true, value: full ? document.documentElement : null });
  await fireEvent(document, new Event('fullscreenchange'));
}

beforeEach(() => fills(false));

describe('what stands around the other screen', () => {
  it('is a side panel that a button hides, for the next session too', async () => {
    const { user } = await show();
    expect(panelButton()).toHaveAttribute('aria-expanded', 'true');
    expect(panelButton()).toHaveAttribute('aria-controls', panel()?.id);
    panelButton().focus();
    await user.keyboard('{Enter}');
    expect(panel()).not.toBeVisible();
    expect(panelButton()).toHaveFocus();
    expect(panelButton()).toHaveAttribute('aria-expanded', 'false');
    document.body.replaceChildren();
    await show();
    expect(panel()).not.toBeVisible();
  });

  it('says that something came into a panel that is hidden', async () => {
    const { become, user } = await show();
    await user.click(panelButton());
    become({ chat: [] });
    become({ chat: [0, 1, 2].flatMap((number) => writes(`line ${number}`).chat) });
    expect(await screen.findByText('Something new is in the side panel.')).toBeInTheDocument();
    expect(panelButton()).toHaveAccessibleName('Side panel: something new');
    await user.click(panelButton());
    expect(screen.queryByText('Something new is in the side panel.')).toBeNull();
    expect(panelButton()).toHaveAccessibleName('Side panel');
  });
});

describe('in full screen', () => {
  it('there is nothing but the other screen, which has the keyboard', async () => {
    const { picture } = await show();
    await fills(true);
    expect(bar()).toHaveProperty('inert', true);
    expect(panel()).toHaveProperty('inert', true);
    expect(picture).toHaveFocus();
    expect(await screen.findByText(/come back at the upper edge, or with Ctrl\+Alt\+Home/)).toBeVisible();
    await fills(false);
    expect(bar()).toHaveProperty('inert', false);
  });

  it('bar and panel come when the pointer touches the upper edge, and go when it leaves them', async () => {
    const { far, picture } = await show();
    await fills(true);
    await fireEvent.pointerMove(far, { clientY: 300 });
    expect(bar()).toHaveProperty('inert', true);
    await fireEvent.pointerMove(far, { clientY: 0, buttons: 1 });
    expect(bar(), 'a drag there is the other computer’s').toHaveProperty('inert', true);
    await fireEvent.pointerMove(far, { clientY: 0 });
    expect(bar()).toHaveProperty('inert', false);
    expect(panel()).toHaveProperty('inert', false);
    await fireEvent.pointerLeave(bar() as Element, { relatedTarget: panel() });
    expect(bar()).toHaveProperty('inert', false);
    await fireEvent.pointerLeave(panel() as Element, { relatedTarget: far });
    expect(bar()).toHaveProperty('inert', true);
    expect(picture).toHaveFocus();
  });

  it('Ctrl+Alt+Home leads into the bar, which stays until the screen is turned to', async () => {
    const { far, picture } = await show();
    await fills(true);
    await fireEvent.keyDown(picture as Element, { key: 'Home', ctrlKey: true, altKey: true });
    await waitFor(() => expect(screen.getByRole('button', { name: 'Fit to window' })).toHaveFocus());
    expect(bar()).toHaveProperty('inert', false);
    await fireEvent.pointerDown(far);
    expect(bar()).toHaveProperty('inert', true);
  });

  it('Ctrl+Alt+Home leads back to the screen too', async () => {
    const { picture, user } = await show();
    await fills(true);
    const crosses = '{Control>}{Alt>}{Home}{/Alt}{/Control}';
    await user.keyboard(crosses);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Fit to window' })).toHaveFocus());
    await user.keyboard(crosses);
    expect(picture).toHaveFocus();
    expect(bar()).toHaveProperty('inert', true);
  });

  it('what the other side writes is not missed', async () => {
    const { become } = await show();
    await fills(true);
    become({ chat: [0, 1, 2].flatMap((number) => writes(`line ${number}`).chat) });
    expect(await screen.findByText('Something new is in the side panel.')).toBeInTheDocument();
    expect(panel()).toHaveProperty('inert', false);
  });

  it('nobody is left to believe that it is the chosen monitor which is seen', async () => {
    const { become } = await show();
    await fills(true);
    become({ monitors: { all: [{ name: 'DP-1', width: 640, height: 480 }], shown: 0, instead: true } });
    await waitFor(() => expect(bar()).toHaveProperty('inert', false));
    expect(screen.getByText(/The chosen monitor is not there any more/)).toBeVisible();
  });

  it('nothing is hidden once there is no picture', async () => {
    const { become } = await show();
    await fills(true);
    become({ phase: { name: 'ended', why: 'by_host' } });
    await screen.findByRole('heading', { name: 'The session has ended' });
    expect(panel()).toHaveProperty('inert', false);
  });
});

describe('a screen that no program may see', () => {
  it('is said, and not any more once it is back', async () => {
    const { become } = await show();
    const hidden = /shows its lock screen or a question about rights, which cannot be shared/;
    expect(screen.queryByText(hidden)).toBeNull();
    become({ screen_hidden: true });
    expect((await screen.findByText(hidden)).closest('[aria-live=polite]')).not.toBeNull();
    become({ screen_hidden: false });
    await waitFor(() => expect(screen.queryByText(hidden)).toBeNull());
  });

  it('is not said of a session that is lost', async () => {
    const { become } = await show();
    become({ screen_hidden: true, phase: { name: 'lost', until: new Date(Date.now() + 60_000).toISOString() } });
    await screen.findByRole('heading', { name: 'Connection lost' });
    expect(screen.queryByText('The screen cannot be seen just now')).toBeNull();
  });
});
