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

/** The groups with what matches, at most `most` in all. */
export function narrowed(groups: readonly OptionGroup[], typed: string, most: number): OptionGroup[] {
  let left = most;
  const shown: OptionGroup[] = [];
  for (const group of groups) {
    const options = group.options.filter((option) => matches(typed, option.label, option.also)).slice(0, left);
    left -= options.length;
    if (options.length > 0) shown.push({ ...group, options });
  }
  return shown;
}
