// Sentences for people. Everything the window says comes from here; `{name}` in a sentence is replaced as plain text.
import en from './en.json';

export type WordKey = keyof typeof en;
export type Params = Record<string, string | number>;

/** Keys that have a `.one` and an `.other` form. */
export type PluralKey = {
  [K in WordKey]: K extends `${infer Base}.other` ? (`${Base}.one` extends WordKey ? Base : never) : never;
}[WordKey];

const words: Record<string, string> = en;

let locale = 'en';
let change: (sentence: string) => string = (sentence) => sentence;
let plurals = new Intl.PluralRules(locale);

/** The language of the sentences: also that of numbers and times. */
export function language(): string {
  return locale;
}

/** For looking at long or mirrored words: every sentence goes through `changed` before it is filled in. */
export function pretend(changed: (sentence: string) => string, tag = 'en'): void {
  change = changed;
  locale = tag;
  plurals = new Intl.PluralRules(tag);
}

export function t(key: WordKey, params: Params = {}): string {
  const sentence = change(words[key] ?? key);
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The sentence for that many. `{count}` is the number as the language writes it. */
export function tn(key: PluralKey, count: number, params: Params = {}): string {
  const form = `${key}.${plurals.select(count)}`;
  const found = (form in words ? form : `${key}.other`) as WordKey;
  return t(found, { count: count.toLocaleString(locale), ...params });
}

export function isWord(key: string): key is WordKey {
  return key in words;
}
