// Made-up people and requests, the same at every start.
import type { Act, Connect, Directory, HistoryEntry, NamedProfile, Person, RequestView, StatusName } from '../types';

export const ORIGIN = 'https://support.acme.example';
export const ANA: Person = { id: '0190b7a0-0000-7000-8000-000000000001', name: 'Ana Marsh' };
export const TOM: Person = { id: '0190b7a0-0000-7000-8000-000000000002', name: 'Tomás Ribeiro' };
export const PRIYA: Person = { id: '0190b7a0-0000-7000-8000-000000000003', name: 'Priya Nair' };
const TIER_1 = { id: '0190b7a0-0000-7000-8000-0000000000f1', name: 'Tier 1' };
const TIER_2 = { id: '0190b7a0-0000-7000-8000-0000000000f2', name: 'Tier 2, servers and networks' };
const FIELD = { id: '0190b7a0-0000-7000-8000-0000000000f3', name: 'Field service' };

export const DIRECTORY: Directory = {
  agents: [ANA, PRIYA, TOM],
  queues: [{ ...FIELD, mine: false }, { ...TIER_1, mine: true }, { ...TIER_2, mine: true }],
  devices: [
    { id: '348207516', name: 'FRONT-DESK', alias: 'frontdesk@acme' },
    { id: '614302218', name: 'WS-0417', alias: null },
    { id: '905661273', name: null, alias: null },
  ],
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const FIRST = ['Dana', 'Li', 'João', 'Amara', 'Søren', 'Yuki', 'Fatima', 'Oleksandr', 'Chloé', 'Mateus', 'Ingrid', 'Rahul'];
const LAST = ['Fox', 'Wei', 'Prado', 'Okafor', 'Lindqvist', 'Tanaka', 'Haddad', 'Bondar', 'Moreau', 'Silva', 'Berg', 'Menon'];
const TROUBLE = [
  'Printer on the second floor prints blank pages since the update.',
  'Cannot open the shared calendar.\nTried: restart, other browser.',
  '',
  'VPN asks for the password again and again.',
  'New laptop, needs the accounting client.',
  '',
];

export function uuid(number: number): string {
  return `0190b7a0-1111-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Whoever made it gave it the name of a built-in one. */
export const OTHERS_PROFILE: NamedProfile = { name: 'Screen sharing', permissions: ['input', 'clipboard', 'user_pointer'] };

const iso = (time: number): string => new Date(time).toISOString();

interface Seed {
  status: StatusName;
  recipient: string;
  agent?: Person | null;
  connect: Connect;
  comments?: string;
  expires?: number;
  changed?: number;
  extra?: Partial<RequestView>;
}

export function request(number: number, now: number, seed: Seed): RequestView {
  const changed = now - (seed.changed ?? number * 7 + 1) * MINUTE;
  return {
    id: uuid(number),
    link: 1,
    revision: 1,
    status: seed.status,
    recipient: seed.recipient,
    comments: seed.comments ?? '',
    profile: 'default',
    agent: seed.agent === undefined ? ANA : seed.agent,
    queue: null,
    device: null,
    created_by: ANA,
    created_at: iso(changed - 50 * MINUTE),
    expires_at: iso(now + (seed.expires ?? 20 * HOUR)),
    changed_at: iso(changed),
    closing: null,
    declined_at: null,
    host: null,
    ask: null,
    session: null,
    connect: seed.connect,
    may_act: true,
    ...seed.extra,
  };
}

const host = (device: string, name: string, present = true) => ({ device, name, present });

function tomorrowAtNine(now: number): number {
  const at = new Date(now);
  at.setDate(at.getDate() + 1);
  return at.setHours(9, 0, 0, 0);
}

/** The rows that every screenshot shows: each status, and each reason why Connect does what it does. */
export function fewRequests(now: number): RequestView[] {
  return [
    request(1, now, {
      status: 'connected',
      recipient: 'Ingrid Berg',
      agent: TOM,
      connect: 'taken',
      comments: 'Outlook will not start. Phone 0221 4410.',
      extra: {
        host: host('731204885', 'INGRID-PC'),
        session: { id: uuid(901), agent: TOM, mine: false, phase: 'running', since: iso(now - 11 * MINUTE) },
      },
    }),
    request(2, now, {
      status: 'ready',
      recipient: 'Dana Fox',
      connect: 'connect',
      comments: 'Printer on the second floor prints blank pages since the update.\nShe is at her desk until five.',
      expires: 2 * HOUR + 4 * MINUTE,
      changed: 3,
      extra: { host: host('348207516', 'DANA-LAPTOP') },
    }),
    request(3, now, {
      status: 'waiting',
      recipient: 'Li Wei',
      connect: 'ask',
      extra: {
        host: host('1234567890', 'liwei-desktop'),
        declined_at: iso(now - 12 * MINUTE),
        queue: TIER_1,
      },
    }),
    request(4, now, {
      status: 'waiting',
      recipient: 'Amara Okafor',
      agent: null,
      connect: 'ask',
      comments: 'Called about the VPN.',
      expires: 40 * MINUTE,
      extra: { host: host('905661273', 'Amara’s MacBook', false) },
    }),
    request(5, now, { status: 'waiting', recipient: 'Søren Lindqvist', connect: 'nobody_joined', agent: null, extra: { profile: 'screen_sharing', own_profile: OTHERS_PROFILE } }),
    request(6, now, {
      status: 'open',
      recipient: 'João Prado',
      connect: 'nobody_joined',
      expires: 23 * HOUR,
      extra: {
        contact: { email: 'joao.prado@example.com', send_mail: true, language: 'en' },
        mail: { state: 'failed', at: iso(now - 5 * MINUTE), problem: 'refused' },
      },
    }),
    request(7, now, {
      status: 'open',
      recipient: 'Yuki Tanaka',
      connect: 'nobody_joined',
      agent: null,
      comments: TROUBLE[4],
      extra: {
        contact: { email: 'yuki@example.com', send_mail: true, language: 'de' },
        mail: { state: 'sent', at: iso(now - 49 * MINUTE), problem: null },
      },
    }),
    request(8, now, {
      status: 'open',
      recipient: 'Fatima Haddad',
      connect: 'nobody_joined',
      agent: null,
      expires: 43 * HOUR,
      extra: { queue: TIER_1, schedule: { at: iso(tomorrowAtNine(now)), zone: 'Europe/Lisbon' }, expiry: { after_seconds: 86_400 } },
    }),
    request(9, now, {
      status: 'ready',
      recipient: 'Oleksandr Bondar',
      agent: PRIYA,
      connect: 'assigned_to_another',
      extra: { host: host('614302218', 'WS-0417') },
    }),
    request(10, now, { status: 'closed', recipient: 'Chloé Moreau', connect: 'over', extra: { closing: 'closed' } }),
    request(11, now, { status: 'closed', recipient: 'Mateus Silva', connect: 'over', agent: null, extra: { closing: 'withdrawn' } }),
    request(12, now, { status: 'expired', recipient: 'Rahul Menon', connect: 'over', agent: PRIYA, expires: -30 * HOUR }),
  ];
}

/** As many as asked for, the few first. */
export function manyRequests(now: number, count: number): RequestView[] {
  const rows = fewRequests(now);
  const statuses: [StatusName, Connect][] = [
    ['open', 'nobody_joined'],
    ['waiting', 'ask'],
    ['ready', 'connect'],
    ['closed', 'over'],
    ['closed', 'over'],
    ['expired', 'over'],
  ];
  for (let number = rows.length + 1; number <= count; number += 1) {
    const [status, connect] = statuses[number % statuses.length] ?? ['open', 'nobody_joined'];
    const first = FIRST[(number * 7) % FIRST.length] ?? '';
    const last = LAST[(number * 5 + Math.floor(number / 12)) % LAST.length] ?? '';
    rows.push(
      request(number, now, {
        status,
        connect,
        recipient: `${first} ${last} ${number}`,
        agent: [ANA, TOM, PRIYA, null][number % 4] ?? null,
        comments: TROUBLE[number % TROUBLE.length] ?? '',
        expires: connect === 'over' ? -number * MINUTE : ((number % 23) + 1) * HOUR,
        extra: {
          host: status === 'ready' || status === 'waiting' ? host(String(300_000_000 + number * 977), `PC-${number}`) : null,
        },
      }),
    );
  }
  return rows;
}

function told(row: RequestView, act: Act): Partial<HistoryEntry> {
  if (act === 'assign') return { assigned_to: { agent: row.agent, queue: row.queue, device: row.device } };
  return act === 'reschedule' && row.schedule ? { schedule: row.schedule } : {};
}

export function historyOf(row: RequestView): HistoryEntry[] {
  const from = Date.parse(row.created_at);
  const acts: [Act, Person | null, string | null][] = [['create', row.created_by, null]];
  if (row.mail) acts.push([row.mail.state === 'failed' ? 'mail_failed' : 'mail_sent', null, null]);
  if (row.schedule) acts.push(['reschedule', PRIYA, null], ['assign', row.created_by, null]);
  if (row.status !== 'open') acts.push(['open_link', null, null]);
  if (row.host) acts.push(['join', null, row.host.device]);
  if (row.declined_at) acts.push(['deny', null, row.host?.device ?? null]);
  if (row.status === 'ready' || row.status === 'connected') acts.push(['allow', null, row.host?.device ?? null]);
  if (row.session) acts.push(['connect', row.session.agent, null], ['connected', null, null]);
  if (row.status === 'closed') acts.push([row.closing === 'withdrawn' ? 'withdraw' : 'close', row.closing === 'withdrawn' ? null : row.agent, null]);
  if (row.status === 'expired') acts.push(['expire', null, null]);
  return acts.map(([act, by, device], index) => ({ at: iso(from + index * 9 * MINUTE), act, by, device, comment: null, ...told(row, act) }));
}
