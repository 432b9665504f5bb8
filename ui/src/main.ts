import './theme/tokens.css';
import './theme/base.css';
import './theme/fields.css';
import './theme/options.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { awaitedPage, ready } from './ipc/commands';
import { isTauri, tauri } from './ipc/tauri';
import { useTransport } from './ipc/transport';
import { load } from './views/pages';
import { SPARE, UNFORESEEN, viewOf } from './views/windows';
import { t } from './words/words';

/** A window that is kept ready becomes what it shows once that is known, and is from then on as if it had begun so. */
async function address(): Promise<URLSearchParams> {
  if (new URLSearchParams(location.search).get('view') === SPARE) {
    await Promise.all(UNFORESEEN.map(load));
    const page = awaitedPage();
    document.documentElement.dataset.spare = 'waits';
    history.replaceState(null, '', await page);
  }
  return new URLSearchParams(location.search);
}

async function start(): Promise<void> {
  if (import.meta.env.MODE === 'mock' && !isTauri()) {
    const { mockTransport } = await import('./ipc/mock');
    const { disguise } = await import('./ipc/mock/disguise');
    disguise(new URLSearchParams(location.search));
    const mock = mockTransport(location.search);
    // For who plays with it from outside, as the tests of pages do.
    Object.assign(globalThis, { mock });
    useTransport(mock);
  } else {
    useTransport(tauri);
  }
  const params = await address();
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
