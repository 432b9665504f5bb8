// The language that the window speaks. Who reads it while drawing is drawn anew when another is chosen.
import type { Language } from '../ipc/types';

export const LANGUAGES: readonly Language[] = ['en', 'de'];

let current = $state<Language>('en');

export function spoken(): Language {
  return current;
}

export function speak(language: Language): void {
  current = language;
}

/** For numbers and times: the spoken language, the way it is written where this computer is. */
export function locale(): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === current) ?? current;
}
