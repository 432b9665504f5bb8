// Where tiles stand, and which of them a search finds.
import type { Target, Tile, Tiles } from '../../ipc/types';
import { locale } from '../../words/language.svelte';
import { title } from './names';

export const PLACES = ['favorites', 'recents', 'discovery', 'address_book'] as const;
export type Place = (typeof PLACES)[number];

/** The same for the same target, in whatever case an alias was typed. */
export const targetKey = (target: Target): string => ('id' in target ? target.id : target.alias.toLowerCase());

export function tilesIn(tiles: Tiles, place: Place): readonly Tile[] {
  if (place === 'discovery') return tiles.discovery.tiles;
  return place === 'address_book' ? byName(tiles.address_book) : tiles[place];
}

function byName(tiles: readonly Tile[]): Tile[] {
  const { compare } = new Intl.Collator(locale(), { numeric: true, sensitivity: 'base' });
  return [...tiles].sort((one, other) => compare(title(one), title(other)));
}

/** Each device once, from all places. */
export function found(tiles: Tiles, text: string): Tile[] {
  const seen = new Set<string>();
  const isNew = (tile: Tile) => {
    const names = [targetKey(tile.target), tile.device ?? '', tile.alias?.toLowerCase() ?? ''].filter(Boolean);
    const known = names.some((name) => seen.has(name));
    names.forEach((name) => seen.add(name));
    return !known;
  };
  const all = [...tiles.address_book, ...tiles.favorites, ...tiles.recents, ...tiles.discovery.tiles];
  return byName(all.filter(isNew).filter(matcher(text)));
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

function matcher(text: string): (tile: Tile) => boolean {
  const words = folded(text).split(/\s+/).filter(Boolean);
  // An ID is typed in groups or without.
  const digits = words.join('');
  return (tile) => {
    if (/^\d+$/.test(digits) && tile.device?.includes(digits)) return true;
    const said = folded([tile.name, tile.alias, tile.device, ...tile.tags, tile.note].filter(Boolean).join('\n'));
    return words.every((word) => said.includes(word));
  };
}
