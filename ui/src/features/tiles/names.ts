// What a tile is called.
import type { Tile } from '../../ipc/types';
import { groupedId } from '../../words/ids';

const alias = ({ alias: known, target }: Tile): string | null => known ?? ('alias' in target ? target.alias : null);

/** How it is reached: its alias, or else its ID in groups. */
export const address = (tile: Tile): string => alias(tile) ?? groupedId(tile.device ?? '');

export const title = (tile: Tile): string => tile.name ?? address(tile);

/** What stands below the title, where there is more to say. */
export function subtitle(tile: Tile): string {
  if (tile.name) return address(tile);
  return alias(tile) && tile.device ? groupedId(tile.device) : '';
}

/** What is copied, without blanks. */
export const copied = (tile: Tile): string => tile.device ?? address(tile);

/** The same, as it is shown. */
export const copiedAs = (tile: Tile): string => (tile.device ? groupedId(tile.device) : address(tile));
