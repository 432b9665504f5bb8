// What people of invitations and calls are called: by what the service vouches for, or by what this device named.
import type { Peer, Target, Tiles } from '../../ipc/types';
import { groupedId } from '../../words/ids';
import { t } from '../../words/words';

/** Of an invitation or a call. */
export interface Between {
  target: Target | null;
  peer: Peer | null;
}

const OWN_WORDS_SHOWN = 64;

export const ofTarget = (target: Target): string => ('alias' in target ? target.alias : groupedId(target.id));

export const ofPeer = ({ alias, device }: Peer): string => alias ?? groupedId(device);

/** The alias, or else the ID in groups. */
export function who({ target, peer }: Between): string {
  if (target) return ofTarget(target);
  return peer ? ofPeer(peer) : t('common.unknown');
}

/** What the other device says of itself, and may be anything. */
export function ownWords(peer: Peer | null): string {
  const name = peer?.name ?? '';
  return name.length > OWN_WORDS_SHOWN ? `${name.slice(0, OWN_WORDS_SHOWN)}…` : name;
}

/** What the person calls them, where they are among the tiles; empty where that says no more. */
export function tileName(tiles: Tiles | undefined, between: Between): string {
  const id = between.peer?.device ?? (between.target && 'id' in between.target ? between.target.id : null);
  const alias = between.target && 'alias' in between.target ? between.target.alias.toLowerCase() : null;
  const all = tiles ? [...tiles.address_book, ...tiles.favorites, ...tiles.recents, ...tiles.discovery.tiles] : [];
  const found = all.find((tile) => (id && tile.device === id) || (alias && tile.alias?.toLowerCase() === alias));
  return found?.name ?? '';
}

/** As it is typed: in groups, with blanks that a line may break at. */
export const typed = (address: string): string => address.replaceAll('\u00a0', ' ');

/** Whether what is typed names somebody by itself, so that nobody else has to be offered. */
export function isAddress(text: string): boolean {
  return /^[1-9]\d{8,9}$/.test(text.replace(/\s/g, '')) || /^[\w.-]{3,25}@[\w.-]{1,25}$/.test(text.trim());
}
