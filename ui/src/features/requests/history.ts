// What has happened, as sentences.
import type { Act, Directory, HistoryEntry } from '../../ipc/types';
import { groupedId } from '../../words/ids';
import { appointment } from '../../words/times';
import { t } from '../../words/words';
import { named } from './facts';

/** Whose sentences name the device. */
const NAMES_DEVICE: Act[] = ['join', 'leave', 'host_silent'];

/** From which device it was done, unless the sentence says so. */
export function where({ act, device }: HistoryEntry, directory: Directory): string | undefined {
  if (!device || NAMES_DEVICE.includes(act)) return undefined;
  return named(device, directory) ?? t('history.device', { id: groupedId(device) });
}

function assignedTo({ assigned_to: to }: HistoryEntry, directory: Directory): string | undefined {
  if (to?.agent) return to.agent.name;
  if (to?.queue) return to.queue.name;
  if (!to?.device) return undefined;
  return named(to.device, directory) ?? t('requests.client', { id: groupedId(to.device) });
}

export function sentence(entry: HistoryEntry, directory: Directory, now: number): string {
  const to = assignedTo(entry, directory);
  const params = {
    name: entry.by?.name ?? t('history.somebody'),
    device: entry.device ? t('history.device', { id: groupedId(entry.device) }) : t('history.a_device'),
    to: to ?? '',
    when: entry.schedule ? appointment(now, Date.parse(entry.schedule.at)) : t('history.another_time'),
  };
  if (entry.act === 'assign' && entry.assigned_to && !to) return t('history.assign_nobody', params);
  return t(`history.${entry.act}`, { ...params, to: to ?? t('history.somebody_else') });
}
