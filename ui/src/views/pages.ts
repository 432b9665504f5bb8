// What each window shows. A window loads its own page and no other: the less there is to read, the sooner it is painted.
import type { Component } from 'svelte';

import type { Client } from '../state/client.svelte';
import type { WindowView } from './windows';

/** `id`: what the window is about, if it is about one thing. */
export type Page = Component<{ client: Client; id: string }>;

const PAGES: Record<WindowView, () => Promise<{ default: Page }>> = {
  main: () => import('./MainView.svelte'),
  accept: () => import('./AcceptView.svelte'),
  session: () => import('./SessionView.svelte'),
  call: () => import('./CallView.svelte'),
  ring: () => import('./RingView.svelte'),
  host: () => import('./HostView.svelte'),
  assist: () => import('../features/assist/Assist.svelte'),
  popup: () => import('./PopupView.svelte'),
  why_not: () => import('../features/custom/WhyNot.svelte'),
};

const loaded = new Map<WindowView, Page>();

export async function load(view: WindowView): Promise<void> {
  loaded.set(view, (await PAGES[view]()).default);
}

/** Once it is loaded. */
export function page(view: WindowView): Page | undefined {
  return loaded.get(view);
}
