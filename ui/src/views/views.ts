// What the main window can show, in the order of its side bar.
import { type Place, PLACES } from '../features/tiles/places';
import type { Client } from '../state/client.svelte';

export type View = 'requests' | 'welcome' | Place;

/** None before there is a service, and none where it is not trusted. The first is where the window begins. */
export function viewsOf({ home, account, hasRequests }: Client): View[] {
  if (!home || home.reach === 'key_changed') return [];
  const places = PLACES.filter((place) => account || place !== 'address_book');
  return [account && hasRequests ? 'requests' : 'welcome', ...places];
}
