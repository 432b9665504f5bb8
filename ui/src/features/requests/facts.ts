// What a row says about a request, besides its fields.
import type { DeviceId, Directory, RequestView } from '../../ipc/types';
import { groupedId } from '../../words/ids';
import { appointment, exactly, past, until } from '../../words/times';
import { t } from '../../words/words';

export interface Told {
  text: string;
  /** The exact time, on hover. */
  exact?: string;
  /** It is an appointment, not an end. */
  scheduled?: boolean;
}

/** What a device of the organisation is called there. */
export function named(device: DeviceId, directory?: Directory): string | undefined {
  const client = directory?.devices.find(({ id }) => id === device);
  return client?.name ?? client?.alias ?? undefined;
}

/** Whom it is given to: an agent, else a client, else a queue. Nobody: `undefined`. */
export function assignee({ agent, device, queue }: RequestView, directory?: Directory): string | undefined {
  if (agent) return agent.name;
  if (!device) return queue?.name;
  return named(device, directory) ?? t('requests.client', { id: groupedId(device) });
}

/** When it was closed or expired. Services that do not say when it was closed say when it last changed. */
export const endedAt = ({ status, closed_at, changed_at, expires_at }: RequestView): number =>
  Date.parse(status === 'closed' ? (closed_at ?? changed_at) : expires_at);

/** What matters most about it now: who asks, that it was declined, or when it ends. */
export function note(request: RequestView, now: number): Told {
  const { ask, session, status } = request;
  const expires = Date.parse(request.expires_at);
  if (ask) {
    const text = ask.mine ? t('row.asking_you') : t('row.asking', { name: ask.agent.name });
    return { text, exact: exactly(Date.parse(ask.until)) };
  }
  if (session && session.phase !== 'running') {
    return { text: session.phase === 'lost' ? t('row.lost') : t('row.connecting') };
  }
  if (status === 'closed' || status === 'expired') {
    const ended = endedAt(request);
    return { text: t(`row.${status}_at`, { time: past(now, ended) }), exact: exactly(ended) };
  }
  if (status === 'waiting' && request.declined_at) {
    const declined = Date.parse(request.declined_at);
    return { text: t('row.declined', { time: past(now, declined) }), exact: exactly(declined) };
  }
  const starts = request.schedule ? Date.parse(request.schedule.at) : now;
  if (starts > now && status !== 'connected') {
    return { text: appointment(now, starts), exact: exactly(starts), scheduled: true };
  }
  return { text: t('row.expires', { time: until(now, expires) }), exact: exactly(expires) };
}

/** What its status means right now, in a sentence. */
export function meaning(request: RequestView): string {
  if (request.closing === 'withdrawn') return t('status.withdrawn.means');
  if (request.status === 'waiting' && request.host) {
    return t('status.waiting_joined.means', { device: request.host.name ?? t('status.waiting_joined.unnamed') });
  }
  return t(`status.${request.status}.means`);
}

export interface ConnectHint {
  /** *Connect* goes straight in, *ask* raises the question on the other side. */
  kind: 'connect' | 'ask';
  /** Why it cannot be pressed. */
  why?: string;
  about: string;
}

export function connectHint(request: RequestView, online: boolean): ConnectHint {
  const { connect } = request;
  const kind = connect === 'ask' ? 'ask' : 'connect';
  const isHost = connect === 'mine' && !request.session?.mine && !request.ask?.mine;
  const about = t(`connect_to.why.${isHost ? 'own_device' : connect}`);
  if (connect !== 'connect' && connect !== 'ask') return { kind, why: about, about };
  return online ? { kind, about } : { kind, why: t('connect_to.why.offline'), about };
}
