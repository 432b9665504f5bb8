import type { Ending, SessionState } from '../types';
import { type Answers, refuse, type Stage } from './index';

export function sessionCommands({ world, now, hint, later }: Stage): Answers {
  const change = (id: unknown, how: (session: SessionState) => void): void => {
    const session = world.sessions.get(String(id)) ?? refuse('not_found');
    how(session);
    later(60, () => hint({ kind: 'session', id: session.id }));
  };
  const end = (id: unknown, why: Ending) =>
    change(id, (session) => {
      session.phase = { name: 'ended', why };
      session.path = null;
      if (session.side !== 'host' || !world.app.joined) return;
      world.app.joined.session = null;
      world.app.joined.status = 'waiting';
      later(60, () => hint({ kind: 'state' }));
    });
  return {
    session_state: ({ id }) => world.sessions.get(String(id)) ?? null,
    send_chat: ({ id, text }) =>
      change(id, (session) => {
        session.chat.push({ mine: true, text: String(text), at: new Date(now()).toISOString() });
      }),
    first_act: () => undefined,
    let_go_of_keys: () => undefined,
    system_info: () => null,
    lock_at_end: () => undefined,
    transfers: () => world.transfers,
    act_on_transfer: () => undefined,
    look_into: () => world.hostFolder,
    send_files: () => undefined,
    fetch_files: () => undefined,
    file_offers: () => world.offers,
    take_offer: () => undefined,
    decline_offer: ({ id, number }) => {
      world.offers = world.offers.filter((offer) => offer.number !== number);
      later(60, () => hint({ kind: 'files', id: String(id) }));
    },
    host_folder: () => '/home/dana/Downloads',
    choose_host_folder: () => undefined,
    end_session: ({ id }) => end(id, world.sessions.get(String(id))?.side === 'host' ? 'by_host' : 'by_viewer'),
    end_and_close: ({ id }) => end(id, 'by_viewer'),
    cancel_ask: ({ id }) => end(id, 'not_answered'),
    try_now: ({ id }) => change(id, (session) => { session.phase = { name: 'running' }; session.path = { relayed: false, round_trip_ms: 31 }; }),
  };
}
