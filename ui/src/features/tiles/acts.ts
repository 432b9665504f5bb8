// What can be done to a tile from its menu, in the order it is offered.
import Ban from '@lucide/svelte/icons/ban';
import BookUser from '@lucide/svelte/icons/book-user';
import Copy from '@lucide/svelte/icons/copy';
import HistoryIcon from '@lucide/svelte/icons/history';
import Pencil from '@lucide/svelte/icons/pencil';
import PlugZap from '@lucide/svelte/icons/plug-zap';
import SquarePen from '@lucide/svelte/icons/square-pen';
import Star from '@lucide/svelte/icons/star';
import StarOff from '@lucide/svelte/icons/star-off';
import Trash from '@lucide/svelte/icons/trash-2';
import UserPlus from '@lucide/svelte/icons/user-plus';

import { addFavorite, call, copyText, forgetSession, removeFavorite, setBlock } from '../../ipc/commands';
import type { Tile } from '../../ipc/types';
import type { MenuItem } from '../../parts/Menu.svelte';
import { notices } from '../../state/notices.svelte';
import { t } from '../../words/words';
import { address, copied, copiedAs, title } from './names';
import type { Place } from './places';

/** What opens a dialog. */
export interface Questions {
  rename: (tile: Tile) => void;
  /** Adds an entry, or edits the one there is. */
  contact: (tile: Tile) => void;
  removeContact: (tile: Tile) => void;
  invite: (tile: Tile) => void;
}

export interface May {
  /** Somebody is signed in, so there is an address book. */
  book: boolean;
  /** The service can be reached. */
  online: boolean;
}

async function attempt(act: Promise<unknown>, note?: string): Promise<void> {
  try {
    await act;
    if (note) notices.note(note);
  } catch (thrown) {
    notices.problem(thrown);
  }
}

export const copy = (tile: Tile) => attempt(copyText(copied(tile)), t('tiles.copied', { id: copiedAs(tile) }));

/** The call's own window says how it goes. */
export const connect = (tile: Tile) => attempt(call(address(tile).replaceAll('\u00a0', ' ')));

const unfavor = (tile: Tile) => attempt(removeFavorite(tile.target), t('tiles.unfavored', { name: title(tile) }));

const forget = (tile: Tile, device: string) => attempt(forgetSession(device), t('tiles.forgotten', { name: title(tile) }));

/** From the place that is looked at, and from anywhere where that is a search. Asks first where something would be lost. */
export function remove(tile: Tile, from: Place | 'found', may: May, ask: Questions): void {
  if (from === 'recents' && tile.device) void forget(tile, tile.device);
  else if (tile.favorite && (from === 'favorites' || !tile.entry)) void unfavor(tile);
  else if (tile.entry && may.online) ask.removeContact(tile);
}

/** Why nobody can be reached now. */
const without = ({ online }: May) => (online ? undefined : t('tiles.needs_service'));

/** Why nothing of the address book changes now. */
const why = ({ online }: May) => (online ? undefined : t('edit.offline'));

export function menuFor(tile: Tile, may: May, ask: Questions): MenuItem[][] {
  return [
    [
      { label: t('tiles.connect'), icon: PlugZap, why: without(may), chosen: () => void connect(tile) },
      { label: t('tiles.invite'), icon: UserPlus, why: without(may), chosen: () => ask.invite(tile) },
    ],
    [favor(tile), renaming(tile, may, ask), ...(may.book ? contact(tile, may, ask) : []), copying(tile)],
    tile.device ? [...(tile.last ? [forgetting(tile, tile.device)] : []), blocking(tile, tile.device, may)] : [],
  ];
}

const copying = (tile: Tile): MenuItem => ({
  label: t(tile.device ? 'tiles.copy_id' : 'tiles.copy_alias'),
  icon: Copy,
  chosen: () => void copy(tile),
});

const forgetting = (tile: Tile, device: string): MenuItem => ({
  label: t('tiles.forget'),
  icon: HistoryIcon,
  chosen: () => void forget(tile, device),
});

function favor(tile: Tile): MenuItem {
  if (tile.favorite) return { label: t('tiles.unfavor'), icon: StarOff, chosen: () => void unfavor(tile) };
  const add = () => attempt(addFavorite(tile.target), t('tiles.favored', { name: title(tile) }));
  return { label: t('tiles.favor'), icon: Star, chosen: () => void add() };
}

function renaming(tile: Tile, may: May, ask: Questions): MenuItem {
  return { label: t('tiles.rename'), icon: Pencil, why: tile.entry ? why(may) : undefined, chosen: () => ask.rename(tile) };
}

function contact(tile: Tile, may: May, ask: Questions): MenuItem[] {
  const put = (label: string, icon: MenuItem['icon']) => ({ label, icon, why: why(may), chosen: () => ask.contact(tile) });
  if (!tile.entry) return [put(t('tiles.add_contact'), BookUser)];
  const remove = { label: t('tiles.remove_contact'), icon: Trash, why: why(may), chosen: () => ask.removeContact(tile) };
  return [put(t('tiles.edit_contact'), SquarePen), remove];
}

function blocking(tile: Tile, device: string, may: May): MenuItem {
  const name = title(tile);
  const note = tile.blocked ? t('tiles.unblocked', { name }) : t('tiles.blocked', { name });
  return {
    label: t(tile.blocked ? 'tiles.unblock' : 'tiles.block'),
    icon: Ban,
    danger: !tile.blocked,
    why: why(may),
    chosen: () => void attempt(setBlock(device, !tile.blocked), note),
  };
}
