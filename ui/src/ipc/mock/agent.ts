import type { Act, AssignTo, Assignee, Directory, EditFields, HistoryEntry, NewRequest, ProposedProfile, RequestPage, RequestQuery, RequestView, StatusName, TypedTime, UndeliveredMail, WaitingCreate } from '../types';
import { OUTGOING } from './calls';
import { ANA, historyOf } from './data';
import { endOf, momentOf } from './moments';
import { type Answers, refuse, type Stage } from './index';
import { VIEWER_SESSION, type World } from './world';

const FOUND_AT_MOST = 1_000;
const ORDER: StatusName[] = ['ready', 'waiting', 'connected', 'open', 'closed', 'expired'];

function inScope(row: RequestView, { scope }: RequestQuery, { queues }: Directory): boolean {
  if (scope === 'mine') return row.agent?.id === ANA.id;
  if (scope === 'unassigned') return !row.agent && !row.queue && !row.device;
  if (scope === 'my_queues') return queues.some(({ id, mine }) => mine && id === row.queue?.id);
  return typeof scope === 'string' || row.queue?.id === scope.queue;
}

type Shown = Pick<World, 'requests' | 'waiting' | 'directory' | 'mailsSeen'>;

const isOver = ({ status }: RequestView): boolean => status === 'closed' || status === 'expired';

/** Whom the column *Assigned to* shows: nobody comes last. */
function assigned({ agent, device, queue }: RequestView, { devices }: Directory): string {
  const client = devices.find(({ id }) => id === device);
  return agent?.name ?? (device ? client?.name ?? '\ufffe' : queue?.name) ?? '\uffff';
}

/** The time in the column *When*. */
function time(row: RequestView): string {
  if (row.ask) return row.ask.until;
  if (row.status === 'closed') return row.closed_at ?? row.changed_at;
  if (row.status === 'waiting' && row.declined_at) return row.declined_at;
  return (row.status !== 'connected' && !isOver(row) && row.schedule?.at) || row.expires_at;
}

function undelivered({ requests, mailsSeen }: Shown): UndeliveredMail[] {
  const failed = requests.filter((row) => isOver(row) && row.mail?.state === 'failed' && row.agent?.id === ANA.id && !mailsSeen.has(row.id));
  return failed.map(({ id, recipient, mail }) => ({ request: id, recipient, failed_at: mail?.at ?? '' }));
}

function found({ requests: rows, directory }: Shown, query: RequestQuery): RequestView[] {
  const text = query.text.trim().toLowerCase();
  const fitting = rows.filter((row) => {
    if (!inScope(row, query, directory)) return false;
    return !text || `${row.recipient} ${row.agent?.name ?? ''} ${row.comments}`.toLowerCase().includes(text);
  });
  const key = (row: RequestView): string | number => {
    if (query.sort === 'status') return ORDER.indexOf(row.status);
    if (query.sort === 'recipient') return row.recipient.toLowerCase();
    if (query.sort === 'agent') return assigned(row, directory).toLowerCase();
    return query.sort === 'expires' ? time(row) : row.changed_at;
  };
  const sign = query.descending ? -1 : 1;
  fitting.sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a !== b) return a < b ? -sign : sign;
    return one.changed_at < other.changed_at ? 1 : -1;
  });
  return fitting;
}

export function page(shown: Shown, query: RequestQuery): RequestPage {
  const rows = found(shown, query);
  const total = query.text.trim() ? Math.min(rows.length, FOUND_AT_MOST) : rows.length;
  return {
    total,
    more_found: rows.length > total,
    unfiltered: shown.requests.length,
    rows: rows.slice(0, total).slice(query.offset, query.offset + query.limit),
    waiting: shown.waiting,
    undelivered: undelivered(shown),
  };
}

/** As the service tells it, to clients of every age. */
const asProposed = (profile: ProposedProfile): Pick<RequestView, 'profile' | 'own_profile'> =>
  typeof profile === 'string' ? { profile, own_profile: undefined } : { profile: 'screen_sharing', own_profile: profile };

export function agentCommands({ world, now, hint, later }: Stage): Answers {
  const find = (id: unknown): RequestView => world.requests.find((row) => row.id === id) ?? refuse('not_found');
  const iso = () => new Date(now()).toISOString();
  const history = (row: RequestView) => {
    let entries = world.history.get(row.id);
    if (!entries) world.history.set(row.id, (entries = historyOf(row)));
    return entries;
  };
  const act = (id: unknown, what: Act, change: (row: RequestView) => void, more: Partial<HistoryEntry> = {}): void => {
    if (world.app.home?.reach === 'offline') refuse('unreachable');
    const row = find(id);
    history(row).push({ at: iso(), act: what, by: ANA, device: null, comment: null, ...more });
    change(row);
    row.changed_at = iso();
    later(60, () => hint({ kind: 'requests', ids: [row.id] }));
  };
  const given = (to: AssignTo): Assignee => {
    const nobody: Assignee = { agent: null, queue: null, device: null };
    if (to === 'unassigned') return nobody;
    if (to === 'myself') return { ...nobody, agent: ANA };
    if ('device' in to) return { ...nobody, device: to.device };
    const { agents, queues } = world.directory;
    if ('agent' in to) return { ...nobody, agent: agents.find(({ id }) => id === to.agent) ?? refuse('not_assignable') };
    const { id, name } = queues.find((queue) => queue.id === to.queue) ?? refuse('not_assignable');
    return { ...nobody, queue: { id, name } };
  };
  const again = (row: RequestView) => {
    row.status = 'open';
    row.connect = 'nobody_joined';
    row.closing = null;
    delete row.closed_at;
    row.host = null;
    row.link += 1;
    row.revision += 1;
  };
  /** As it waits in the outbox. */
  const kept = ({ id, recipient, comments, profile, assign_to, email, send_mail, language, schedule, expiry }: NewRequest): WaitingCreate => ({
    id,
    kept_at: iso(),
    by: ANA.name,
    mine: true,
    error: null,
    retry_may_help: false,
    recipient,
    comments,
    profile,
    assign_to,
    contact: { email: email || null, send_mail, language },
    schedule: schedule && { at: momentOf(schedule), zone: schedule.zone },
    expiry: endOf(expiry, now()).expiry,
  });
  const hintOf = (id: string) => later(60, () => hint({ kind: 'requests', ids: [id] }));
  const openSession = (row: RequestView, asking: boolean) => {
    row.agent ??= ANA;
    if (asking) row.ask = { session: VIEWER_SESSION, agent: ANA, mine: true, until: new Date(now() + 60_000).toISOString() };
    else row.session = { id: VIEWER_SESSION, agent: ANA, mine: true, phase: 'granted', since: null };
    row.connect = 'mine';
  };

  return {
    app_state: () => world.app,
    ready: () => undefined,
    pending_request: () => null,
    pending_problem: () => null,
    close_window: () => undefined,
    leave_popup: () => undefined,
    copy_text: ({ text }) => void navigator.clipboard?.writeText(String(text)).catch(() => undefined),
    choose_service: ({ origin }) => {
      if (String(origin).includes('nowhere')) refuse('unreachable');
      if (String(origin).includes('other')) refuse('not_our_service');
      world.app.home = {
        origin: String(origin),
        organisation: 'Acme Support',
        reach: 'online',
        device: '482119070',
        account: null,
        mail: false,
        clock_ahead_s: 0,
      };
      later(60, () => hint({ kind: 'state' }));
    },
    sign_in: ({ password }) => {
      if (password === 'wrong') refuse('wrong_credentials');
      if (password === 'often') refuse('throttled', { retry_after_s: '42' });
      if (!world.app.home) refuse('no_service');
      world.app.home.account = { id: ANA.id, name: ANA.name, email: 'ana@acme.example', role: 'support_agent' };
      later(60, () => hint({ kind: 'state' }));
    },
    sign_out: () => {
      if (world.app.home) world.app.home.account = null;
      later(60, () => hint({ kind: 'state' }));
    },
    list_requests: ({ query }) => page(world, query as RequestQuery),
    place_of_request: ({ query, id }) => {
      const place = found(world, query as RequestQuery).findIndex((row) => row.id === id);
      return place < 0 ? null : place;
    },
    ready_requests: () => world.requests.filter(({ status, agent, may_act }) => status === 'ready' && may_act && agent?.id === ANA.id).length,
    undelivered_is_seen: ({ id }) => {
      for (const mail of undelivered(world)) {
        world.mailsSeen.add(mail.request);
        if (mail.request === id) break;
      }
      hintOf(String(id));
    },
    get_directory: () => world.directory,
    zone_clocks: () => world.zones,
    get_request: ({ id }) => world.requests.find((row) => row.id === id) ?? null,
    request_history: ({ id }) => history(find(id)),
    request_link: ({ id }) => {
      const row = find(id);
      if (row.status === 'closed') refuse('link_closed');
      if (row.status === 'expired') refuse('link_expired');
      const tail = row.id.slice(-4).toUpperCase();
      return { url: `https://support.acme.example/j/mW3kQ8vZrT1yLc5N${row.link}dHs0aF${tail}`, code: `7Q4MX-2${tail.replace(/[ILOU]/g, 'K')}` };
    },
    create_request: ({ request }) => {
      const made = request as NewRequest;
      if (!made.recipient.trim()) refuse('text_empty', { field: 'recipient' });
      const { email, send_mail, language } = made;
      const contact = { email: email || null, send_mail, language };
      const schedule = made.schedule && { at: momentOf(made.schedule), zone: made.schedule.zone };
      const { id, recipient, comments, profile, assign_to } = made;
      if (world.app.home?.reach === 'offline') {
        world.waiting.push(kept(made));
        return hintOf(id);
      }
      if (send_mail && !world.app.home?.mail) refuse('mail_not_set');
      if (schedule && Date.parse(schedule.at) <= now()) refuse('schedule_in_the_past');
      if (world.requests.some((row) => row.id === made.id)) return;
      const { expiry, expires_at } = endOf(made.expiry, schedule ? Date.parse(schedule.at) : now());
      world.requests.unshift({
        id,
        link: 1,
        revision: 1,
        status: 'open',
        recipient,
        comments,
        ...asProposed(profile),
        ...given(assign_to),
        created_by: ANA,
        created_at: iso(),
        expires_at,
        changed_at: iso(),
        closing: null,
        declined_at: null,
        host: null,
        ask: null,
        session: null,
        connect: 'nobody_joined',
        may_act: true,
        contact,
        expiry,
        ...(schedule && { schedule }),
        ...(send_mail && { mail: { state: 'queued', at: iso(), problem: null } }),
      });
      hintOf(id);
    },
    replace_create: ({ request }) => {
      const made = request as NewRequest;
      const place = world.waiting.findIndex(({ id, error }) => error && id === made.id);
      if (place < 0) refuse('not_found');
      world.waiting[place] = kept(made);
      hintOf(made.id);
    },
    retry_create: ({ id }) => {
      const waits = world.waiting.find((create) => create.id === id) ?? refuse('not_found');
      Object.assign(waits, { error: null, retry_may_help: false });
      hintOf(waits.id);
    },
    discard_create: ({ id }) => {
      world.waiting = world.waiting.filter((create) => create.id !== id);
      hintOf(String(id));
    },
    edit_request: ({ id, edit }) =>
      act(id, 'edit', (row) => {
        const { recipient, contact, profile, expiry } = edit as EditFields;
        if (recipient === 'Refused') refuse('text_forbidden', { field: 'recipient' });
        if (recipient) row.recipient = recipient;
        if (contact) row.contact = { ...contact, email: contact.email || null };
        if (profile) Object.assign(row, asProposed(profile));
        if (expiry) Object.assign(row, endOf(expiry, row.schedule ? Date.parse(row.schedule.at) : now()));
      }),
    assign_request: ({ id, to }) => {
      const assigned_to = given(to as AssignTo);
      act(id, 'assign', (row) => {
        const { agent, queue, device } = assigned_to;
        // Who is given a request out of a queue leaves it there.
        Object.assign(row, agent ? { agent, device: null } : { agent, queue, device });
      }, { assigned_to });
    },
    reschedule_request: ({ id, schedule }) => {
      const typed = schedule as TypedTime;
      const chosen = { at: momentOf(typed), zone: typed.zone };
      if (Date.parse(chosen.at) <= now()) refuse('schedule_in_the_past');
      act(id, 'reschedule', (row) => { row.schedule = chosen; }, { schedule: chosen });
    },
    start_now: ({ id }) => act(id, 'start_now', (row) => { delete row.schedule; }),
    comment_request: ({ id, comments }) => act(id, 'comment', (row) => { row.comments = String(comments); }),
    claim_request: ({ id }) => act(id, 'claim', (row) => { row.agent = ANA; }),
    release_request: ({ id }) => act(id, 'release', (row) => { row.agent = null; }),
    new_link: ({ id }) => act(id, 'new_link', (row) => { row.link += 1; row.revision += 1; row.status = 'open'; row.host = null; row.connect = 'nobody_joined'; }),
    close_request: ({ id }) => act(id, 'close', (row) => { row.status = 'closed'; row.connect = 'over'; row.closing = 'closed'; row.closed_at = iso(); row.session = null; }),
    send_mail_again: ({ id }) => act(id, 'send_again', (row) => { row.mail = { state: 'queued', at: iso(), problem: null }; }),
    reopen_request: ({ id, expiry }) =>
      act(id, 'reopen', (row) => {
        again(row);
        Object.assign(row, endOf(expiry as NewRequest['expiry'], now()));
      }),
    connect: ({ id }) => {
      const row = find(id);
      if (row.recipient.startsWith('Oleksandr')) refuse('assigned_to', { name: 'Priya Nair' });
      act(id, row.connect === 'ask' ? 'ask' : 'connect', (found) => openSession(found, row.connect === 'ask'));
    },
    connect_to: ({ address, confirmed }) => {
      const text = String(address).trim();
      if (/^[\d ]{9,13}$/.test(text) || text.includes('@')) return text === world.app.home?.device ? refuse('own_id') : { calling: { call: OUTGOING } };
      if (text.startsWith('https://')) {
        const { origin } = new URL(text);
        if (!confirmed) return { ask_first: { origin } };
      } else if (!/^[0-9a-z]{5}-?[0-9a-z]{5}$/i.test(text)) refuse('not_an_address');
      if (/^0/.test(text)) refuse('link_unknown');
      later(80, () => hint({ kind: 'state' }));
      return 'joined';
    },
  };
}

