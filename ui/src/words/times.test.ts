import { describe, expect, it } from 'vitest';

import { groupedId } from './ids';
import { age, ahead, clock, past, span, until } from './times';

const NOW = new Date(2026, 10, 21, 14, 0).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('times', () => {
  it.each([
    [-1, 'now'],
    [30_000, 'in 30 s'],
    [40 * MINUTE, 'in 40 min'],
    [2 * HOUR, 'in 2 h'],
    [11 * HOUR, 'in 11 h'],
  ])('a moment %i ms ahead is %s', (left, said) => {
    expect(ahead(NOW, NOW + left)).toBe(said);
  });

  it.each([
    [90 * MINUTE, '90 minutes'],
    [20 * HOUR + 39 * MINUTE, '20 hours'],
    [75 * HOUR, '3 days'],
  ])('what has gone on for %i ms has for %s', (ms, said) => {
    expect(age(ms)).toBe(said);
  });

  it('a moment of tomorrow has its time of day', () => {
    expect(ahead(NOW, NOW + 19 * HOUR)).toMatch(/^tomorrow 0?9:00/);
  });

  it('what is left is told in hours for two days, then in days', () => {
    expect(until(NOW, NOW + 19 * HOUR)).toBe('in 19 h');
    expect(until(NOW, NOW + 47 * HOUR)).toBe('in 47 h');
    expect(until(NOW, NOW + 48 * HOUR)).toBe('in 2 days');
    expect(until(NOW, NOW + 40 * 24 * HOUR)).toBe('Dec 31');
  });

  it('a moment of next week counts days', () => {
    expect(ahead(NOW, NOW + 7 * 24 * HOUR)).toBe('in 7 days');
  });

  it('what has passed today is a time of day, before that a day', () => {
    expect(past(NOW, NOW - 5 * MINUTE)).toMatch(/^(13|1):55/);
    expect(past(NOW, NOW - 20 * HOUR)).toMatch(/^yesterday /);
    expect(past(NOW, NOW - 10 * 24 * HOUR)).toBe('Nov 11');
    expect(past(NOW, NOW - 365 * 24 * HOUR)).toBe('Nov 21, 2025');
  });

  it('a wait is told in seconds until it is two minutes', () => {
    expect(span(1_000)).toBe('1 second');
    expect(span(97_000)).toBe('97 seconds');
    expect(span(121_000)).toBe('3 minutes');
    expect(span(-5)).toBe('0 seconds');
  });

  it('a running time has hours only when it needs them', () => {
    expect(clock(4 * MINUTE + 5_000)).toBe('4:05');
    expect(clock(HOUR + 4 * MINUTE + 5_000)).toBe('1:04:05');
  });

  it('an ID is shown in groups of three from its end', () => {
    expect(groupedId('482119070').replaceAll('\u00a0', ' ')).toBe('482 119 070');
    expect(groupedId('1234567890').replaceAll('\u00a0', ' ')).toBe('1 234 567 890');
  });
});
