import { setBlock } from '../../ipc/commands';
import { notices } from '../../state/notices.svelte';
import { t } from '../../words/words';

/** Also an answer to what they ask right now: it goes, and they learn nothing. */
export async function block(device: string, name: string): Promise<void> {
  try {
    await setBlock(device, true);
    notices.note(t('tiles.blocked', { name }));
  } catch (thrown) {
    notices.problem(thrown);
  }
}
