// What has happened, as sentences.
import type { Directory, HistoryEntry } from '../../ipc/types';
import { groupedId } from '../../words/ids';
import { appointment } from '../../words/times';
import { t } from '../../words/words';

function assignedTo({ assigned_to: to }: HistoryEntry, directory: Directory): string | undefined {
  if (to?.agent) return to.agent.name;
  if (to?.queue) return to.queue.name;
  if (!to?.device) return undefined;
  const client = directory.devices.find(({ id }) => id === to.device);
  return client?.name ?? client?.alias ?? t('requests.client', { id: groupedId(to.device) });
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
