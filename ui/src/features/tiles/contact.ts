// An entry of the address book, as it is typed.
import type { ContactFields, Tile } from '../../ipc/types';
import { groupedId } from '../../words/ids';

export interface ContactDraft {
  target: string;
  name: string;
  /** With commas between them. */
  tags: string;
  note: string;
}

export function draftOf(tile: Tile | null): ContactDraft {
  if (!tile) return { target: '', name: '', tags: '', note: '' };
  // In groups, with blanks as they are typed.
  const target = 'alias' in tile.target ? tile.target.alias : groupedId(tile.target.id).replaceAll('\u00a0', ' ');
  return { target, name: tile.name ?? '', tags: tile.tags.join(', '), note: tile.note };
}

/** Each tag once, whatever its case. */
function tagsOf(typed: string): string[] {
  const tags = new Map<string, string>();
  for (const tag of typed.split(',').map((part) => part.trim())) {
    if (tag && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return [...tags.values()];
}

export function fieldsOf(draft: ContactDraft): ContactFields {
  return { target: draft.target.trim(), name: draft.name.trim(), tags: tagsOf(draft.tags), note: draft.note.trim() };
}
