// What a combobox offers, and how what is typed finds it.
import type { Component } from 'svelte';

export interface Option {
  value: string;
  label: string;
  /** Told apart by it: an ID, a difference in hours. Read only when it is shown. */
  readonly about?: string;
  /** What finds it besides its label. */
  also?: string;
  icon?: Component;
}

export interface OptionGroup {
  title?: string;
  options: readonly Option[];
}

/** Accents, case and what stands between words are not needed to find something. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_/\u00a0]+/g, ' ')
    .trim();
}

/** Every word that was typed is in it. */
export function matches(typed: string, ...texts: (string | undefined)[]): boolean {
  const text = plain(texts.filter(Boolean).join(' '));
  const solid = text.replaceAll(' ', '');
  return plain(typed)
    .split(' ')
    .every((word) => text.includes(word) || solid.includes(word));
}

/** What begins with it comes first, then what has a word that begins with it: *Tok* is Asia/Tokyo before Vostok. */
function rank(typed: string, label: string): number {
  const [wanted, text] = [plain(typed), plain(label)];
  if (text.startsWith(wanted)) return 0;
  return text.includes(` ${wanted}`) ? 1 : 2;
}

/** The groups with what matches, the nearest first, at most `most` in all. */
export function narrowed(groups: readonly OptionGroup[], typed: string, most: number): OptionGroup[] {
  let left = most;
  const shown: OptionGroup[] = [];
  for (const group of groups) {
    const found = group.options.filter((option) => matches(typed, option.label, option.also));
    const options = found.sort((one, other) => rank(typed, one.label) - rank(typed, other.label)).slice(0, left);
    left -= options.length;
    if (options.length > 0) shown.push({ ...group, options });
  }
  return shown;
}
