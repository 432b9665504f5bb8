// Whom the dialog offers: everybody among the tiles, each once.
import type { Tile, Tiles } from '../../ipc/types';
import type { Option, OptionGroup } from '../../parts/options';
import { t } from '../../words/words';
import { address, title } from '../tiles/names';
import { type Place, targetKey, tilesIn } from '../tiles/places';
import { typed } from './names';

const ORDER: readonly Place[] = ['favorites', 'recents', 'address_book', 'discovery'];

const option = (tile: Tile): Option => ({
  value: typed(address(tile)),
  label: title(tile),
  about: tile.name ? address(tile) : undefined,
  also: [tile.device, tile.alias, ...tile.tags].filter(Boolean).join(' '),
});

export function suggestions(tiles: Tiles | undefined): OptionGroup[] {
  if (!tiles) return [];
  const seen = new Set<string>();
  const isNew = ({ target, blocked }: Tile) => !blocked && !seen.has(targetKey(target)) && seen.add(targetKey(target));
  return ORDER.map((place) => ({ title: t(`nav.${place}`), options: tilesIn(tiles, place).filter(isNew).map(option) }));
}

/** Who that is, once it names one of them. */
export function suggested(tiles: Tiles | undefined, to: string): string | undefined {
  const folded = to.replace(/\s/g, '').toLowerCase();
  if (!tiles || !folded) return undefined;
  const all = ORDER.flatMap((place) => tilesIn(tiles, place));
  return all.find(({ target, device, alias, name }) => name && [targetKey(target), device, alias?.toLowerCase()].includes(folded))?.name ?? undefined;
}
