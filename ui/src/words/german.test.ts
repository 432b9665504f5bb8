import { afterEach, describe, expect, it } from 'vitest';

import de from './de.json';
import en from './en.json';
import { speak } from './language.svelte';
import { ahead, appointment, listed, past, span, weekdayAndTime } from './times';
import { t, tn } from './words';

const english: Record<string, string> = en;
const german: Record<string, string> = de;
const keys = Object.keys(english);
const placeholders = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

/** Words that are the same in both languages. */
const SAME = /^(app\.name|nav\.label|system\.link|language\.|assist\.eyebrow|assist\.service_placeholder|window\.assist|start\.placeholder|key\.|cap\.|chat\.title|settings\.(links|organisation|version|language\.system|theme\.system)|requests\.(column\.status|client)|new\.assign\.device|field\.(name|text|other)|session\.(monitor|round_trip)$|detail\.id_of_device|contact\.name|accept\.cover_agent|time\.in_(seconds|minutes|hours)|tray\.tooltip|(reach|tiles)\.o(n|ff)line$|new\.(optional|schedule_when))/;

describe('the German words', () => {
  it('are there for every English one, and no others', () => {
    expect(Object.keys(german).sort()).toEqual([...keys].sort());
  });

  it('leave out nothing that is filled in', () => {
    const different = keys.filter((key) => placeholders(german[key] ?? '').join() !== placeholders(english[key] ?? '').join());
    expect(different).toEqual([]);
  });

  it('are not English by mistake', () => {
    expect(keys.filter((key) => german[key] === english[key] && !SAME.test(key))).toEqual([]);
    const englishWords = /\b(the|and|you|your|with|is|are|cannot|not|of|this|that)\b/i;
    expect(keys.filter((key) => englishWords.test(german[key] ?? ''))).toEqual([]);
  });

  it('end like the English ones: a sentence is a sentence in both', () => {
    const ends = (sentence = '') => /[.?:]$/.exec(sentence)?.[0] ?? '';
    expect(keys.filter((key) => ends(german[key]) !== ends(english[key]))).toEqual([]);
  });

  it('hold no straight quotes and no three dots', () => {
    expect(keys.filter((key) => /["']|\.\.\./.test(german[key] ?? ''))).toEqual([]);
  });
});

describe('spoken German', () => {
  const NOW = new Date(2026, 10, 21, 14, 0).getTime();
  const HOUR = 3_600_000;

  afterEach(() => speak('en'));

  it('has its own days, months and numbers', () => {
    speak('de');
    expect(t('requests.new_request')).toBe('Neue Anfrage');
    expect(tn('requests.count', 10_000)).toBe('10.000 Anfragen');
    expect(ahead(NOW, NOW + 19 * HOUR)).toMatch(/^morgen 0?9:00/);
    expect(ahead(NOW, NOW + 7 * 24 * HOUR)).toBe('in 7 Tagen');
    expect(past(NOW, NOW - 10 * 24 * HOUR)).toMatch(/^11\. Nov/);
    expect(weekdayAndTime(NOW)).toMatch(/^Samstag, 21\. November/);
    expect(appointment(NOW, NOW + HOUR)).toMatch(/^heute /);
    expect(span(97_000)).toBe('97 Sekunden');
    expect(listed(['Ton', 'Bild', 'Text'])).toBe('Ton, Bild und Text');
  });
});
