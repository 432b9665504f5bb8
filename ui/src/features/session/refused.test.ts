import { render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { stage } from '../../../tests/stage';
import App from '../../App.svelte';
import { VIEWER_SESSION } from '../../ipc/mock/world';
import { useTransport } from '../../ipc/transport';

/** noVNC, which ends with its socket. */
vi.mock('@novnc/novnc', () => ({
  default: class extends EventTarget {
    constructor(_room: HTMLElement, socket: WebSocket) {
      super();
      socket.addEventListener('close', () => this.dispatchEvent(new Event('disconnect')));
      setTimeout(() => this.dispatchEvent(new Event('connect')));
    }
    focus() {}
    disconnect() {}
    getImageData() {
      return { width: 0, height: 0 };
    }
  },
}));

let socket: EventTarget;

async function endsWith(code: number) {
  vi.stubGlobal(
    'WebSocket',
    class extends EventTarget {
      constructor() {
        super();
        socket = this;
      }
    },
  );
  const mock = stage('?scenario=running');
  useTransport({
    listen: (heard) => mock.listen(heard),
    invoke: (command, args) => (command === 'open_screen' ? Promise.resolve('ws://127.0.0.1/' as never) : mock.invoke(command, args)),
  });
  render(App, { view: 'session', id: VIEWER_SESSION });
  const far = await screen.findByRole('application', { name: 'Screen of Dana Fox' });
  await waitFor(() => expect(far).toHaveAttribute('data-shown', 'true'));
  socket.dispatchEvent(Object.assign(new Event('close'), { code }));
}

afterEach(() => vi.unstubAllGlobals());

describe('a screen that ends although the session goes on', () => {
  it('is told apart from one of a host that sent what no screen shows', async () => {
    await endsWith(4001);
    expect(await screen.findByText(/^The other computer sent something that no screen shows/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Show it again' })).toBeEnabled();
  });

  it('only stopped where the connection broke', async () => {
    await endsWith(1006);
    expect(await screen.findByText(/^The screen is not shown any more/)).toBeVisible();
  });
});
