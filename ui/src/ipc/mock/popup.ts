// Invitations that make a pop-up hard to draw: each scenario has one, `id=${POPUP}` in the page's address.
import type { InvitationState } from '../types';
import { uuid } from './data';
import { received } from './invitations';

export const POPUP = uuid(401);

const key = 'A'.repeat(43);
const LONGEST = { device: '1204557893', key, alias: `${'Wilhelmine.Wolkenstein.MM'}@${'Mannheim-Maschinenbau.West'.slice(0, 25)}`, name: '<img src=x onerror=alert(1)> 🦊 \u05d0\u05d1\u05d2 '.repeat(5) };

export function popups(scenario: string, now: number): InvitationState[] {
  const one = (changes: Partial<InvitationState> = {}): InvitationState[] => [received(now, 1, changes)];
  const scenarios: Record<string, () => InvitationState[]> = {
    popup: one,
    'popup-look': () => one({ permissions: [], peer: { device: '905661273', key, alias: null, name: null }, met_before: 'first_time' }),
    'popup-few': () => one({ permissions: ['clipboard', 'user_pointer'], peer: { device: '905661273', key, alias: null, name: 'Front desk' } }),
    'popup-long': () => one({ peer: LONGEST }),
    'popup-key': () => one({ met_before: 'changed' }),
    'popup-soon-over': () => [received(now - 97_000, 1)],
  };
  return scenarios[scenario]?.() ?? [];
}
