// Sentences for people. Everything the window says comes from here; `{name}` in a sentence is replaced as plain text,
// and `{beckon}` by what people call this program.
import type { Language } from '../ipc/types';
import de from './de.json';
import en from './en.json';
import { locale, spoken } from './language.svelte';
import { program } from './program.svelte';

export type WordKey = keyof typeof en;
export type Params = Record<string, string | number>;

/** Keys that have a `.one` and an `.other` form. */
export type PluralKey = {
  [K in WordKey]: K extends `${infer Base}.other` ? (`${Base}.one` extends WordKey ? Base : never) : never;
}[WordKey];

const WORDS: Record<Language, Record<string, string>> = { en, de };

let change: (sentence: string) => string = (sentence) => sentence;

/** For looking at long words: every sentence goes through `changed` before it is filled in. */
export function pretend(changed: (sentence: string) => string): void {
  change = changed;
}

export function t(key: WordKey, params: Params = {}): string {
  const sentence = change(WORDS[spoken()][key] ?? key);
  const known: Params = { beckon: program() ?? en['app.name'], ...params };
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(known[name] ?? whole));
}

/** The sentence for that many. `{count}` is the number as the language writes it. */
export function tn(key: PluralKey, count: number, params: Params = {}): string {
  const form = `${key}.${plurals(locale()).select(count)}`;
  const found = isWord(form) ? form : (`${key}.other` as WordKey);
  return t(found, { count: count.toLocaleString(locale()), ...params });
}

export function isWord(key: string): key is WordKey {
  return key in en;
}

// Slow to make and quick to use.
const rules = new Map<string, Intl.PluralRules>();

function plurals(tag: string): Intl.PluralRules {
  let found = rules.get(tag);
  if (!found) rules.set(tag, (found = new Intl.PluralRules(tag)));
  return found;
}
