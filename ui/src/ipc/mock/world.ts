// The fake client's memory, and the scenarios it can begin in. `?scenario=` picks one.
import type { AppState, Assist, ComputerState, Directory, FolderView, HistoryEntry, HotKeysState, IntroductionsState, Language, JoinedState, Mailing, OfferView, PermissionProfiles, Reach, RequestView, ServiceState, SessionState, TransferView, Tiles, WaitingCreate, ZoneClock } from '../types';
import { calls, hosted, placing } from './calls';
import { askingAboutLinks, someHotKeys, thisComputer } from './computer';
import { ANA, DIRECTORY, fewRequests, manyRequests, ORIGIN, OTHERS_PROFILE, uuid } from './data';
import { introductions } from './invitations';
import { asked, someProfiles } from './profiles';
import { manyContacts, noTiles, someTiles } from './tiles';

export interface World {
  app: AppState;
  computer: ComputerState;
  hotKeys: HotKeysState;
  /** Only the person may choose who opens links, in the system's settings. */
  personChooses: boolean;
  /** The person has not answered who opens links. */
  asksAboutLinks: boolean;
  requests: RequestView[];
  waiting: WaitingCreate[];
  directory: Directory;
  /** Requests that are over, and of whose failed mail the person knows. */
  mailsSeen: Set<string>;
  history: Map<string, HistoryEntry[]>;
  sessions: Map<string, SessionState>;
  transfers: TransferView[];
  hostFolder: FolderView;
  offers: OfferView[];
  tiles: Tiles;
  profiles: PermissionProfiles;
  introductions: IntroductionsState;
  /** What becomes of an invitation by email. */
  mailing: Mailing;
  /** What the name of another download says. */
  assist?: Assist;
  /** Every command but reading the state fails with it. */
  fails: string | null;
  /** What the core knows of time zones; of others the web view's own tables are taken. */
  zones: ZoneClock[];
  /** Reading the list never answers. */
  hangs: boolean;
}

const MINUTE = 60_000;
const HOST_SESSION = uuid(990);
export const VIEWER_SESSION = uuid(991);
const PROPOSED = [
  'input', 'clipboard', 'file_manager', 'audio', 'block_input', 'restart',
  'lock_desk', 'sysinfo', 'whiteboard', 'user_pointer', 'record_session',
] as const;

const iso = (time: number): string => new Date(time).toISOString();

function service(reach: Reach): ServiceState {
  return {
    origin: ORIGIN,
    organisation: 'Acme Support',
    reach,
    device: '482119070',
    account: { id: ANA.id, name: ANA.name, email: 'ana@acme.example', role: 'support_agent' },
    mail: true,
    clock_ahead_s: 0,
  };
}

function joined(now: number, changes: Partial<JoinedState> = {}): JoinedState {
  return {
    service: ORIGIN,
    request: uuid(2),
    revision: 1,
    status: 'waiting',
    organisation: 'Acme Support',
    agent: ANA.name,
    queue: null,
    cover: { agent: ANA.id },
    profile: 'default',
    switches: [...PROPOSED],
    available: [],
    expires_at: iso(now + 125 * MINUTE),
    declined_at: null,
    asked_by: null,
    asked_until: null,
    session: null,
    offline: false,
    place: null,
    met_before: null,
    ...changes,
  };
}

function session(now: number, changes: Partial<SessionState> = {}): SessionState {
  return {
    id: VIEWER_SESSION,
    occasion: { request: uuid(2) },
    side: 'viewer',
    peer: 'Dana Fox',
    peer_device: '731204885',
    organisation: 'Acme Support',
    phase: { name: 'running' },
    words: ['harbour', 'mimosa', 'quartz', 'lantern'],
    path: { relayed: false, round_trip_ms: 23 },
    met_before: 'first_time',
    permissions: [],
    available: [],
    asks: { possible: [], open: [], refused: [], for_a_while: [] },
    monitors: { all: [{ name: 'DP-1', width: 1920, height: 1080 }], shown: 0, instead: false },
    screen_hidden: false,
    chat: [
      { mine: true, text: 'Hello Dana, Ana here. Which printer is it?', at: iso(now - 4 * MINUTE) },
      { mine: false, text: 'The one next to the kitchen.\nIt says “ready”, but every page is blank.', at: iso(now - 3 * MINUTE) },
      { mine: true, text: 'Thank you. Please open the lid and tell me the number on the cartridge.', at: iso(now - 2 * MINUTE) },
    ],
    since: iso(now - 4 * MINUTE - 5_000),
    ...changes,
  };
}

const HOST_FOLDER: FolderView = {
  entries: [{ name: 'Invoices', is_folder: true, size: 0 }, { name: 'scan.pdf', is_folder: false, size: 482_000 }],
  more: false,
  stopped: null,
};

function waiting(now: number): WaitingCreate[] {
  const create = (number: number, changes: Partial<WaitingCreate>): WaitingCreate => ({
    id: uuid(700 + number),
    kept_at: iso(now - number * MINUTE),
    by: ANA.name,
    mine: true,
    error: null,
    retry_may_help: false,
    recipient: 'Grace Hopper',
    comments: '',
    profile: 'default',
    assign_to: 'myself',
    contact: null,
    schedule: null,
    expiry: { after_seconds: 86_400 },
    ...changes,
  });
  return [
    create(9, { recipient: 'Emre Yıldız', schedule: { at: iso(now - 4 * MINUTE), zone: 'Europe/Istanbul' }, error: { code: 'schedule_in_the_past', params: {}, trace: '' } }),
    create(4, {}),
    create(2, { recipient: 'Klara Nowak', by: 'Priya Nair', mine: false }),
  ];
}

const hosting = (now: number) =>
  session(now, {
    id: HOST_SESSION,
    side: 'host',
    peer: ANA.name,
    chat: session(now).chat.map((line) => ({ ...line, mine: !line.mine })),
  });

export function world(params: URLSearchParams, now: number): World {
  const scenario = params.get('scenario') ?? 'agent';
  const chosen = (params.get('lang') as Language | null) ?? null;
  const spoken = chosen ?? 'en';
  const app: AppState = { profile: 'default', version: '0.1.0', home: service('online'), joined: null, sessions: [], language: spoken, custom: null, preferences: { keep_running: null, alerts: true, theme: 'system', language: chosen } };
  const made: World = { app, computer: params.get('ask') === 'links' ? askingAboutLinks() : thisComputer(), hotKeys: someHotKeys(), personChooses: false, asksAboutLinks: params.get('ask') === 'links', requests: fewRequests(now), waiting: [], directory: DIRECTORY, mailsSeen: new Set(), history: new Map(), sessions: new Map(), transfers: [], hostFolder: HOST_FOLDER, offers: [], tiles: someTiles(now), profiles: someProfiles(scenario), introductions: introductions(scenario, now), mailing: scenario === 'no-mail-program' ? 'copied' : 'opened', fails: null, zones: [], hangs: false };
  made.introductions.calls.push(...calls(scenario, now));
  made.introductions.placing = placing(scenario);
  const anonymous = () => {
    if (app.home) app.home.account = null;
    made.requests = [];
    made.tiles.address_book = [];
  };
  const join = (changes: Partial<JoinedState>) => {
    anonymous();
    app.joined = joined(now, changes);
  };
  const watch = (changes: Partial<SessionState>) => made.sessions.set(VIEWER_SESSION, session(now, changes));

  const scenarios: Record<string, () => void> = {
    agent: () => {},
    many: () => { made.requests = manyRequests(now, Number(params.get('count') ?? 10_000)); },
    empty: () => { made.requests = []; made.tiles = noTiles({ device: '482119070', home: true, alias: null, namespace: 'acme' }); },
    'no-mail': () => { if (app.home) app.home.mail = false; },
    offline: () => { app.home = service('offline'); },
    outbox: () => { app.home = service('offline'); made.waiting = waiting(now); },
    undelivered: () => {
      for (const row of made.requests.filter(({ status }) => status === 'closed')) {
        row.mail = { state: 'failed', at: iso(now - 25 * MINUTE), problem: 'refused' };
      }
    },
    'offline-empty': () => { app.home = service('offline'); made.requests = []; made.tiles = noTiles(null); },
    connecting: () => { app.home = service('connecting'); },
    'key-changed': () => { app.home = service('key_changed'); },
    error: () => { made.fails = 'internal'; },
    loading: () => { made.hangs = true; },
    viewer: () => {
      if (app.home?.account) app.home.account.role = 'viewer';
      made.requests = made.requests.map((row) => ({ ...row, may_act: false, connect: 'may_not_act' }));
    },
    'signed-out': anonymous,
    copied: () => { made.computer = { portable: 'not_installed', autostart: false, takes_links: true, schemes: [] }; },
    portable: () => {
      made.computer = { portable: 'own_folder', autostart: false, takes_links: true, schemes: [] };
      made.tiles.discovery = { on: false, tiles: [] };
    },
    'many-contacts': () => { made.tiles.address_book = manyContacts(2_000); },
    'no-namespace': () => { made.tiles.own = { device: '482119070', home: true, alias: null, namespace: null }; },
    'person-chooses': () => { made.personChooses = true; },
    'links-ours': () => { for (const links of made.computer.schemes) links.holder = { who: 'us' }; },
    'links-packaged': () => { for (const links of made.computer.schemes) Object.assign(links, { holder: { who: 'us' }, can_stop: false }); },
    'hot-keys-taken': () => {
      made.hotKeys.stop.taken = true;
      join({ status: 'connected', session: HOST_SESSION });
      made.sessions.set(HOST_SESSION, hosting(now));
    },
    'no-hot-keys': () => { made.hotKeys.possible = false; },
    'system-refuses': () => { made.fails = 'system_refused'; },
    'first-start': () => { anonymous(); app.home = null; },
    joined: () => join({}),
    'joined-any': () => join({ agent: null, cover: 'any_agent' }),
    'joined-line': () => join({ agent: null, queue: 'Tier 1', cover: { queue: uuid(801) }, status: 'ready', place: 3 }),
    'joined-queue': () => join({ agent: null, queue: 'Tier 1', cover: { queue: uuid(801) } }),
    'joined-asked': () => join({ asked_by: ANA.name, asked_until: iso(now + 47_000), met_before: 'first_time' }),
    'joined-available': () => join({ available: ['input', 'clipboard', 'audio', 'user_pointer'] }),
    'joined-own-profile': () => join({ profile: OTHERS_PROFILE, switches: OTHERS_PROFILE.permissions, available: ['input', 'clipboard', 'audio', 'user_pointer'] }),
    'joined-declined': () => join({ declined_at: iso(now - 2 * MINUTE) }),
    'joined-ready': () => join({ status: 'ready' }),
    'joined-offline': () => join({ status: 'ready', offline: true }),
    'joined-closed': () => join({ status: 'closed' }),
    'joined-expired': () => join({ status: 'expired' }),
    'joined-replaced': () => join({ status: 'open' }),
    'joined-none': anonymous,
    'joined-connected': () => {
      join({ status: 'connected', session: HOST_SESSION });
      made.sessions.set(HOST_SESSION, hosting(now));
    },
    'joined-connecting': () => {
      join({ status: 'ready', session: HOST_SESSION });
      made.sessions.set(HOST_SESSION, { ...hosting(now), phase: { name: 'connecting' }, words: null, path: null, since: null, chat: [] });
    },
    'joined-lost': () => {
      join({ status: 'connected', session: HOST_SESSION });
      made.sessions.set(HOST_SESSION, { ...hosting(now), phase: { name: 'lost', until: iso(now + 97_000) } });
    },
    hosted: () => made.sessions.set(HOST_SESSION, hosted(hosting(now))),
    'hosted-connecting': () => made.sessions.set(HOST_SESSION, { ...hosted(hosting(now)), phase: { name: 'connecting' }, words: null, path: null, since: null, chat: [] }),
    'hosted-lost': () => made.sessions.set(HOST_SESSION, { ...hosted(hosting(now)), phase: { name: 'lost', until: iso(now + 97_000) } }),
    'hosted-ended': () => made.sessions.set(HOST_SESSION, { ...hosted(hosting(now)), phase: { name: 'ended', why: 'by_viewer' }, path: null }),
    asking: () => watch({ phase: { name: 'asking' }, words: null, path: null, since: null, chat: [] }),
    'session-connecting': () => watch({ phase: { name: 'connecting' }, words: null, path: null, since: null, chat: [] }),
    running: () => watch({}),
    'no-folder': () => {
      watch({ permissions: ['file_manager'], available: ['file_manager'] });
      made.hostFolder = { entries: [], more: false, stopped: 'no_folder' };
    },
    offered: () => {
      watch({ permissions: ['file_manager'], available: ['file_manager'] });
      made.offers = [
        { number: 1, title: { kind: 'of', name: 'Error report.pdf', others: 0 }, files: 1, bytes: 482_000 },
        { number: 2, title: { kind: 'of', name: 'Photos of the printer', others: 2 }, files: 31, bytes: 88_000_000 },
      ];
    },
    monitors: () => watch({ monitors: { all: [{ name: 'DP-1', width: 1920, height: 1080 }, { name: 'HDMI-1', width: 1280, height: 1024 }], shown: 0, instead: false } }),
    'monitor-gone': () => watch({ monitors: { all: [{ name: 'DP-1', width: 1920, height: 1080 }], shown: 0, instead: true } }),
    'screen-hidden': () => watch({ screen_hidden: true, permissions: ['input'] }),
    relayed: () => watch({ path: { relayed: true, round_trip_ms: 148 }, met_before: 'met_before', chat: [] }),
    'joined-asked-more': () => {
      join({ status: 'connected', session: HOST_SESSION });
      made.sessions.set(HOST_SESSION, asked(hosting(now), now));
    },
    'asked-more': () => watch(asked(session(now), now)),
    'profiles-locked': () => { app.custom = { prefix: 'acme', name: 'Acme Helper', features: { session_requests: true }, locked: [] }; },
    'no-requests': () => {
      anonymous();
      app.custom = { prefix: 'acme', name: 'Acme Helper', features: { session_requests: false }, locked: [] };
    },
    'key-met-changed': () => watch({ met_before: 'changed' }),
    lost: () => watch({ phase: { name: 'lost', until: iso(now + 97_000) } }),
    'session-none': () => {},
  };
  for (const why of ['by_host', 'by_viewer', 'declined', 'not_answered', 'lost', 'request_closed', 'could_not_connect'] as const) {
    scenarios[`ended-${why}`] = () => watch({ phase: { name: 'ended', why }, path: null });
  }
  scenarios[scenario]?.();
  app.sessions = [...made.sessions.keys()];
  return made;
}
