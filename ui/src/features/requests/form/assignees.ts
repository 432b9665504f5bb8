// To whom a request can be given, as one list that is searched by typing.
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import Monitor from '@lucide/svelte/icons/monitor';
import User from '@lucide/svelte/icons/user';
import Users from '@lucide/svelte/icons/users';

import type { AssignTo, DeviceEntry, RequestView } from '../../../ipc/types';
import type { OptionGroup } from '../../../parts/options';
import type { Assignees } from '../../../state/directory.svelte';
import { groupedId } from '../../../words/ids';
import { t } from '../../../words/words';

export const clientName = (device: DeviceEntry): string => device.name ?? device.alias ?? groupedId(device.id);

/** Several may have the same name: the ID tells them apart, and this one is marked. */
function aboutClient(device: DeviceEntry, here: Assignees['here']): string | undefined {
  const id = device.name || device.alias ? groupedId(device.id) : '';
  const mark = device.id === here ? t('new.assign.here') : '';
  return [id, mark].filter(Boolean).join(' · ') || undefined;
}

export function assigneeGroups(directory: Assignees, me: string): OptionGroup[] {
  const { queues, agents, devices, here } = directory;
  return [
    {
      options: [
        { value: 'myself', label: t('new.assign.myself'), icon: User },
        { value: 'unassigned', label: t('new.assign.unassigned'), icon: CircleDashed },
      ],
    },
    { title: t('new.assign.queue'), options: queues.map(({ id, name }) => ({ value: `queue:${id}`, label: name, icon: Users })) },
    {
      title: t('new.assign.agent'),
      options: agents.filter(({ id }) => id !== me).map(({ id, name }) => ({ value: `agent:${id}`, label: name, icon: User })),
    },
    {
      title: t('new.assign.device'),
      options: devices.map((device) => ({
        value: `device:${device.id}`,
        label: clientName(device),
        about: aboutClient(device, here),
        also: `${device.id} ${device.alias ?? ''} ${device.id === here ? t('new.assign.here') : ''}`,
        icon: Monitor,
      })),
    },
  ];
}

export function toAssign(value: string): AssignTo {
  const [kind, id = ''] = value.split(':');
  if (kind === 'queue') return { queue: id };
  if (kind === 'agent') return { agent: id };
  if (kind === 'device') return { device: id };
  return kind === 'unassigned' ? 'unassigned' : 'myself';
}

export const fromAssign = (to: AssignTo): string => (typeof to === 'string' ? to : Object.entries(to)[0]?.join(':') ?? 'myself');

function kindOf(to: Exclude<AssignTo, string>): 'agent' | 'queue' | 'device' {
  if ('agent' in to) return 'agent';
  return 'queue' in to ? 'queue' : 'device';
}

/** Which entry of the list a request has now. */
export function assigned({ agent, queue, device }: RequestView, me: string): string {
  if (agent) return agent.id === me ? 'myself' : `agent:${agent.id}`;
  if (device) return `device:${device}`;
  return queue ? `queue:${queue.id}` : 'unassigned';
}

/** What it means for who may connect. */
export function assignedMeans(value: string): string {
  const to = toAssign(value);
  return t(`new.assign.${typeof to === 'string' ? to : kindOf(to)}_hint`);
}
