import './theme/tokens.css';
import './theme/base.css';
import './theme/fields.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { ready } from './ipc/commands';
import { isTauri, tauri } from './ipc/tauri';
import { useTransport } from './ipc/transport';
import { load } from './views/pages';
import { viewOf } from './views/windows';
import { t } from './words/words';

const params = new URLSearchParams(location.search);

async function start(): Promise<void> {
  if (import.meta.env.MODE === 'mock' && !isTauri()) {
    const { mockTransport } = await import('./ipc/mock');
    const { disguise } = await import('./ipc/mock/disguise');
    disguise(params);
    const mock = mockTransport(location.search);
    // For who plays with it from outside, as the tests of pages do.
    Object.assign(globalThis, { mock });
    useTransport(mock);
  } else {
    useTransport(tauri);
  }
  const view = viewOf(params);
  await load(view);
  const target = document.getElementById('app');
  if (target) mount(App, { target, props: { view, id: params.get('id') ?? '' } });
}

// A window is hidden until it says that it is painted: this one has to say why it is empty.
start().catch(async () => {
  document.body.textContent = t('app.unreadable');
  await ready();
});
