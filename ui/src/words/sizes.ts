// Sizes as people say them: thousands, as the systems' file windows show them.
import { locale } from './language.svelte';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const number = bytes / 1000 ** step;
  const options = {
    style: 'unit',
    unit: UNITS[step],
    // Short, it is "3 byte".
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step > 0 && number < 100 ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(locale(), options).format(number);
}
