import type { Act, NewRequest, RequestPage, RequestQuery, RequestView, StatusName } from '../types';
import { ANA, historyOf } from './data';
import { type Answers, refuse, type Stage } from './index';
import { VIEWER_SESSION } from './world';

const ORDER: StatusName[] = ['ready', 'waiting', 'connected', 'open', 'closed', 'expired'];

export function page(rows: RequestView[], query: RequestQuery): RequestPage {
  const text = query.text.trim().toLowerCase();
  const found = rows.filter((row) => {
    if (query.scope === 'mine' && row.agent?.id !== ANA.id) return false;
    if (query.scope === 'unassigned' && row.agent) return false;
    return !text || `${row.recipient} ${row.agent?.name ?? ''} ${row.comments}`.toLowerCase().includes(text);
  });
  const key = (row: RequestView): string | number => {
    if (query.sort === 'status') return ORDER.indexOf(row.status);
    if (query.sort === 'recipient') return row.recipient.toLowerCase();
    if (query.sort === 'agent') return row.agent?.name.toLowerCase() ?? '\uffff';
    return query.sort === 'expires' ? row.expires_at : row.changed_at;
  };
  const sign = query.descending ? -1 : 1;
  found.sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a !== b) return a < b ? -sign : sign;
    return one.changed_at < other.changed_at ? 1 : -1;
  });
  return { total: found.length, unfiltered: rows.length, rows: found.slice(query.offset, query.offset + query.limit) };
}

export function agentCommands({ world, now, hint, later }: Stage): Answers {
  const find = (id: unknown): RequestView => world.requests.find((row) => row.id === id) ?? refuse('not_found');
  const iso = () => new Date(now()).toISOString();
  const history = (row: RequestView) => {
    let entries = world.history.get(row.id);
    if (!entries) world.history.set(row.id, (entries = historyOf(row)));
    return entries;
  };
  const act = (id: unknown, what: Act, change: (row: RequestView) => void): void => {
    if (world.app.home?.reach === 'offline') refuse('unreachable');
    const row = find(id);
    history(row).unshift({ at: iso(), act: what, by: ANA, device: null, comment: null });
    change(row);
    row.changed_at = iso();
    later(60, () => hint({ kind: 'requests', ids: [row.id] }));
  };
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
    close_window: () => undefined,
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
    list_requests: ({ query }) => page(world.requests, query as RequestQuery),
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
      if (send_mail && !world.app.home?.mail) refuse('mail_not_set');
      if (world.requests.some((row) => row.id === made.id)) return;
      world.requests.unshift({
        id: made.id,
        link: 1,
        revision: 1,
        status: 'open',
        recipient: made.recipient,
        comments: made.comments,
        profile: made.profile,
        agent: made.assign_to === 'myself' ? ANA : null,
        queue: null,
        device: null,
        created_by: ANA,
        created_at: iso(),
        expires_at: new Date(now() + 24 * 3_600_000).toISOString(),
        changed_at: iso(),
        closing: null,
        declined_at: null,
        host: null,
        ask: null,
        session: null,
        connect: 'nobody_joined',
        may_act: true,
        contact: { email: email || null, send_mail, language },
        ...(send_mail && { mail: { state: 'queued', at: iso(), problem: null } }),
      });
      later(60, () => hint({ kind: 'requests', ids: [made.id] }));
    },
    comment_request: ({ id, comments }) => act(id, 'comment', (row) => { row.comments = String(comments); }),
    claim_request: ({ id }) => act(id, 'claim', (row) => { row.agent = ANA; }),
    release_request: ({ id }) => act(id, 'release', (row) => { row.agent = null; }),
    new_link: ({ id }) => act(id, 'new_link', (row) => { row.link += 1; row.revision += 1; row.status = 'open'; row.host = null; row.connect = 'nobody_joined'; }),
    close_request: ({ id }) => act(id, 'close', (row) => { row.status = 'closed'; row.connect = 'over'; row.closing = 'closed'; row.session = null; }),
    send_mail_again: ({ id }) => act(id, 'send_again', (row) => { row.mail = { state: 'queued', at: iso(), problem: null }; }),
    reopen_request: ({ id }) => act(id, 'reopen', (row) => { row.status = 'open'; row.connect = 'nobody_joined'; row.closing = null; row.link += 1; row.revision += 1; }),
    connect: ({ id }) => {
      const row = find(id);
      if (row.recipient.startsWith('Oleksandr')) refuse('assigned_to', { name: 'Priya Nair' });
      act(id, row.connect === 'ask' ? 'ask' : 'connect', (found) => openSession(found, row.connect === 'ask'));
    },
    connect_to: ({ address, confirmed }) => {
      const text = String(address).trim();
      if (/^[\d ]{9,13}$/.test(text) || text.includes('@')) refuse('not_in_this_version');
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

