import { expect, it } from 'vitest';

import { speak } from './language.svelte';
import { size } from './sizes';

it.each([
  ['en', 1, '1 byte'],
  ['en', 3, '3 bytes'],
  ['en', 482_000, '482 kB'],
  ['en', 1_500_000, '1.5 MB'],
  ['de', 1, '1 Byte'],
  ['de', 3, '3 Byte'],
  ['de', 1_500_000, '1,5 MB'],
] as const)('in %s, %i bytes are %s', (language, bytes, said) => {
  speak(language);
  expect(size(bytes).replace('\u00a0', ' ')).toBe(said);
});
