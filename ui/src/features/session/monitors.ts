import type { MonitorView } from '../../ipc/types';
import { t } from '../../words/words';

/** How a monitor of the other computer is called: the first one is its main one. */
export function monitorName({ name, width, height }: MonitorView, index: number): string {
  const what = t('session.monitor', { number: index + 1, width, height });
  return [what, index === 0 ? t('session.monitor_main') : '', name].filter(Boolean).join(' · ');
}
