import { afterEach, describe, expect, it, vi } from 'vitest';

import { readDate, readTime, writtenDate, writtenTime } from './dates';
import { speak } from './language.svelte';

const TODAY = '2026-11-22';
const read = (text: string) => readDate(text, TODAY);

afterEach(() => {
  speak('en');
  vi.restoreAllMocks();
});

const where = (language: 'en' | 'de', ...tags: string[]) => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);
  speak(language);
};

describe('a date that is typed', () => {
  it.each(['11/24/2026', '11/24/26', '11-24-2026', '11 24 2026', '11242026', '2026-11-24', '2026/11/24', ' 11 / 24 / 2026 ', '11/24'])(
    'as %s is the 24th of November in America',
    (text) => {
      where('en', 'en-US');
      expect(read(text)).toBe('2026-11-24');
    },
  );

  it.each(['24.11.2026', '24.11.26', '24. 11. 2026', '24/11/2026', '24112026', '2026-11-24', '24.11.', '24.11'])(
    'as %s is the 24th of November in Germany',
    (text) => {
      where('de', 'de-DE');
      expect(read(text)).toBe('2026-11-24');
    },
  );

  it('is read day first where English is written so', () => {
    where('en', 'en-GB');
    expect([read('10/12/2026'), read('24/11/2026')]).toEqual(['2026-12-10', '2026-11-24']);
    where('en', 'en-US');
    expect(read('10/12/2026')).toBe('2026-10-12');
  });

  it('without a year is the next such day', () => {
    where('en', 'en-US');
    expect([read('11/22'), read('11/21'), read('1/5')]).toEqual(['2026-11-22', '2027-11-21', '2027-01-05']);
  });

  it.each(['', 'tomorrow', '24/11/2026', '13', '2/30/2026', '11/24/1026', '11/24/202', '2026', '2026-11', '112420', '1/2/3/4', '11/24/2026 9:30'])(
    'as "%s" is none in America, and not guessed at',
    (text) => {
      where('en', 'en-US');
      expect(read(text)).toBeNull();
    },
  );

  it('is written as it is read', () => {
    where('en', 'en-US');
    expect(writtenDate('2026-11-04')).toBe('11/04/2026');
    where('de', 'de-DE');
    expect(writtenDate('2026-11-04')).toBe('04.11.2026');
    for (const tag of ['en-US', 'en-GB', 'en-CA', 'en-ZA', 'en-SE']) {
      where('en', tag);
      expect(read(writtenDate('2026-11-04')), tag).toBe('2026-11-04');
    }
  });
});

describe('a time of day that is typed', () => {
  it.each([
    ['9', '09:00'],
    ['9:30', '09:30'],
    ['09.30', '09:30'],
    ['0930', '09:30'],
    ['930', '09:30'],
    ['9:30 pm', '21:30'],
    ['9.30 P.M.', '21:30'],
    ['12 am', '00:00'],
    ['12:15pm', '12:15'],
    ['21:30', '21:30'],
    ['9:30\u202fAM', '09:30'],
    ['9 Uhr', '09:00'],
    ['18:05 Uhr', '18:05'],
  ])('as %s is %s', (text, time) => expect(readTime(text)).toBe(time));

  it.each(['', '24:00', '9:60', '9:3', '13 pm', '0 am', 'noon', '09:30:15', '12345', '-9'])('as "%s" is none', (text) => expect(readTime(text)).toBeNull());

  it('is written as it is read', () => {
    where('de', 'de-DE');
    expect(writtenTime('21:05')).toBe('21:05');
    for (const tag of ['en-US', 'en-GB']) {
      where('en', tag);
      expect(readTime(writtenTime('21:05')), tag).toBe('21:05');
    }
  });
});
