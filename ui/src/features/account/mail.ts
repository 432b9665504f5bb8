import { inviteByEmail as open } from '../../ipc/commands';
import { notices } from '../../state/notices.svelte';
import { t } from '../../words/words';

/** In the system's mail program, or by a text that can be pasted into another one. */
export async function inviteByEmail(): Promise<void> {
  try {
    notices.note(t((await open()) === 'opened' ? 'mail.opened' : 'mail.copied'));
  } catch (thrown) {
    notices.problem(thrown);
  }
}
