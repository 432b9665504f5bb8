import type { CallState, ContactFields, InvitationState, Target, Tile, Tiles } from '../types';
import { uuid } from './data';
import { type Answers, refuse, type Stage } from './index';

const HOUR = 3_600_000;
const OWN = '482119070';
const FAVORITES_AT_MOST = 100;

export function tile(target: string, changes: Partial<Tile> = {}): Tile {
  const isAlias = target.includes('@');
  return {
    target: isAlias ? { alias: target } : { id: target },
    device: isAlias ? null : target,
    alias: isAlias ? target : null,
    name: null,
    online: null,
    favorite: false,
    blocked: false,
    nearby: false,
    entry: null,
    tags: [],
    note: '',
    last: null,
    ...changes,
  };
}

/** What somebody who helps a small company has after a week. */
export function someTiles(now: number): Tiles {
  const ago = (hours: number, side: 'host' | 'viewer' = 'viewer') => ({ at: new Date(now - hours * HOUR).toISOString(), side });
  const entry = (number: number, tags: string[] = [], note = '') => ({ entry: uuid(600 + number), tags, note });
  const dana = tile('731204885', { name: 'Dana Fox', online: true, favorite: true, last: ago(0.4), ...entry(1, ['Accounting']) });
  const desk = tile('348207516', { name: 'FRONT-DESK', alias: 'frontdesk@acme', online: true, favorite: true, nearby: true, last: ago(26) });
  const plotter = tile('614302218', { name: 'Plotter room', online: false, favorite: true, last: ago(72), ...entry(2, ['CAD', 'Second floor', 'Shared'], 'Wakes up slowly.\nAsk for Rahul.') });
  const stranger = tile('905661273', { last: ago(3, 'host') });
  const blocked = tile('556120934', { name: 'Unknown caller', blocked: true, last: ago(200, 'host') });
  const joao = tile('joao.prado@acme', { name: 'João Prado, whose computer has quite a long name of its own', ...entry(3, ['A tag that is long enough to be cut', 'Sales']) });
  const server = tile('1204557893', { alias: 'build-server@acme', online: true, ...entry(4, ['Servers', 'Do not restart', 'Linux', 'Berlin']) });
  return {
    own: { device: OWN, home: true, alias: 'ana@acme', namespace: 'acme' },
    favorites: [dana, desk, plotter],
    recents: [dana, stranger, desk, plotter, blocked],
    address_book: [joao, dana, plotter, server],
    discovery: { on: true, tiles: [desk, tile('701882446', { name: 'LIBRARY-02', nearby: true }), tile('812003377', { nearby: true })] },
    blocked: [{ device: '556120934', since: new Date(now - 190 * HOUR).toISOString() }],
  };
}

export const noTiles = (own: Tiles['own']): Tiles => ({
  own,
  favorites: [],
  recents: [],
  address_book: [],
  discovery: { on: true, tiles: [] },
  blocked: [],
});

export function manyContacts(count: number): Tile[] {
  return Array.from({ length: count }, (_, number) =>
    tile(String(300_000_000 + number * 7), { name: `Workstation ${number + 1}`, online: number % 3 === 0, entry: uuid(10_000 + number), tags: [`Floor ${number % 9}`] }),
  );
}

const key = (target: Target): string => ('id' in target ? target.id : target.alias.toLowerCase());

function typed({ target }: ContactFields): string {
  const folded = target.replace(/\s/g, '').toLowerCase();
  if (!/^\d{9,10}$/.test(folded) && !/^[\w.-]{3,25}@[\w.-]+$/.test(folded)) refuse('not_an_address');
  return folded === OWN ? refuse('own_id') : folded;
}

export function tileCommands({ world, hint, later }: Stage): Answers {
  const { tiles } = world;
  const changed = () => later(60, () => hint({ kind: 'tiles' }));
  const online = () => {
    if (world.app.home?.reach === 'offline') refuse('unreachable');
  };
  const all = () => [...tiles.favorites, ...tiles.recents, ...tiles.address_book, ...tiles.discovery.tiles];
  /** The tiles of one device are the same in all places. */
  const same = (target: unknown) => all().filter((found) => key(found.target) === key(target as Target));
  const change = (target: unknown, changes: Partial<Tile>) => {
    same(target).forEach((found) => Object.assign(found, changes));
    changed();
  };
  /** What whoever is blocked sent is out of sight, unless it was accepted. */
  const hide = (device: unknown) => {
    const { invitations, calls } = world.introductions;
    const stays = ({ way, peer, state }: InvitationState | CallState) => way !== 'incoming' || peer?.device !== device || state === 'accepted';
    invitations.splice(0, invitations.length, ...invitations.filter(stays));
    calls.splice(0, calls.length, ...calls.filter(stays));
    later(60, () => hint({ kind: 'introductions' }));
  };
  const forget = (id: unknown) => {
    all().filter(({ entry }) => entry === id).forEach((found) => Object.assign(found, { entry: null, tags: [], note: '' }));
    tiles.address_book = tiles.address_book.filter(({ entry }) => entry);
  };
  const put = ({ id, fields }: Record<string, unknown>) => {
    online();
    const contact = fields as ContactFields;
    const target = typed(contact);
    if (contact.name === 'Refused') refuse('text_forbidden', { field: 'name' });
    if (tiles.address_book.some((other) => other.entry !== id && key(other.target) === target)) refuse('in_book_already');
    forget(id);
    const { name, tags, note } = contact;
    const changes = { entry: String(id), name: name || null, tags, note };
    const known = all().find((found) => key(found.target) === target) ?? tile(target);
    tiles.address_book.push(known);
    change(known.target, changes);
  };

  return {
    tiles_state: () => tiles,
    look_at_tiles: () => undefined,
    add_favorite: ({ target }) => {
      const favorite = same(target)[0] ?? refuse('not_found');
      if (tiles.favorites.length >= FAVORITES_AT_MOST) refuse('too_many_favorites', { max: String(FAVORITES_AT_MOST) });
      tiles.favorites.unshift(favorite);
      change(target, { favorite: true });
    },
    remove_favorite: ({ target }) => {
      change(target, { favorite: false });
      tiles.favorites = tiles.favorites.filter(({ favorite }) => favorite);
    },
    rename_tile: ({ target, name }) => {
      if (same(target).some(({ entry }) => entry)) online();
      change(target, { name: name === null ? null : String(name) });
    },
    add_contact: put,
    edit_contact: put,
    remove_contact: ({ id }) => {
      online();
      forget(id);
      changed();
    },
    set_alias: ({ name }) => {
      online();
      const { own } = tiles;
      if (!own?.namespace) return refuse('no_namespace');
      if (!/^[\w.-]{3,25}$/.test(String(name))) refuse('not_an_alias');
      if (name === 'taken') refuse('alias_taken');
      own.alias = `${String(name)}@${own.namespace}`;
      changed();
    },
    clear_alias: () => {
      online();
      if (tiles.own) tiles.own.alias = null;
      changed();
    },
    set_block: ({ device, blocked }) => {
      online();
      tiles.blocked = tiles.blocked.filter((block) => block.device !== device);
      if (blocked) tiles.blocked.push({ device: String(device), since: new Date().toISOString() });
      change({ id: String(device) }, { blocked: Boolean(blocked) });
      if (blocked) hide(device);
    },
    forget_session: ({ device }) => {
      tiles.recents = tiles.recents.filter((recent) => recent.device !== device);
      all().filter((found) => found.device === device).forEach((found) => (found.last = null));
      changed();
    },
    set_discovery: ({ on }) => {
      tiles.discovery.on = Boolean(on);
      if (!on) tiles.discovery.tiles = [];
      changed();
    },
  };
}
