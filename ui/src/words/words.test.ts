import { describe, expect, it } from 'vitest';

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PERMISSIONS } from '../ipc/types';
import en from './en.json';
import { errorText, reference } from './errors';
import { t, tn } from './words';

const BINDINGS = join(import.meta.dirname, '../ipc/bindings');

/** The strings of a generated union, so that a new code in Rust asks for its sentence here. */
function union(name: string): string[] {
  const text = readFileSync(join(BINDINGS, `${name}.ts`), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(/"([a-z_]+)"/g)].map((match) => match[1] ?? '');
}

/** Titles, toasts and the tray say their sentences in Rust. */
function inTheWindowsProgram(): string[] {
  const folder = join(import.meta.dirname, '../../../src-tauri/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.rs'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('"', "'"));
}

describe('words', () => {
  it.each([
    ['Code', 'error.*'],
    ['StatusName', 'status.*'],
    ['StatusName', 'status.*.means'],
    ['Act', 'history.*'],
    ['Connect', 'connect_to.why.*'],
    ['LinkRefusal', 'link.refused.*'],
    ['Ending', 'ended.*'],
    ['Ending', 'ended.host.*'],
    ['ProfileId', 'profile.*'],
    ['Role', 'account.role.*'],
    ['Language', 'language.*'],
    ['MailProblem', 'mail.problem.*'],
    ['Reach', 'reach.*'],
    ['Scope', 'requests.scope.*'],
    ['AssignTo', 'new.assign.*'],
    ['PermissionSet', 'permission.*'],
    ['TransferStop', 'transfer.stopped.*'],
  ])('has a sentence for every %s under %s', (name, pattern) => {
    const members = union(name);
    expect(members.length).toBeGreaterThan(1);
    const missing = members.map((member) => pattern.replace('*', member)).filter((key) => !(key in en));
    expect(missing).toEqual([]);
  });

  it('lists every permission that the client knows', () => {
    expect([...PERMISSIONS].sort()).toEqual(union('PermissionSet').sort());
  });

  it('leaves no placeholder unfilled in the sentence of any error', () => {
    for (const code of union('Code')) {
      const text = errorText({ code: code as 'internal', params: { max: '128', service: 'https://a.example', zone: 'Europe/Berlin' }, trace: '' }, 0);
      expect(text, code).not.toMatch(/[{}]/);
    }
  });

  it('says what to do, in at least two sentences or one with a remedy, for everything that can go wrong', () => {
    for (const code of union('Code')) {
      const sentence = en[`error.${code}` as keyof typeof en];
      expect(sentence, code).toMatch(/\.$/);
      expect(sentence.split(' ').length, code).toBeGreaterThan(6);
    }
  });

  it('has no sentence that nothing says', () => {
    const sources = readdirSync(join(import.meta.dirname, '..'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(svelte|ts)$/.test(file) && !file.includes('bindings') && !file.includes('.test.'))
      .map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
      .concat(inTheWindowsProgram())
      .join('\n');
    // A key is said whole, as a plural, or as the beginning of one that is put together.
    const unsaid = Object.keys(en).filter((key) => {
      const parts = key.split('.');
      const beginnings = parts.map((_, index) => `\`${parts.slice(0, index + 1).join('.')}.\${`);
      const stems = [...key.matchAll(/_/g)].map((match) => `\`${key.slice(0, match.index + 1)}\${`);
      const plural = key.replace(/\.(one|other)$/, '');
      return ![`'${key}'`, `'${plural}'`, ...beginnings, ...stems].some((said) => sources.includes(said));
    });
    expect(unsaid).toEqual([]);
  });

  it('fills in text from others as it is', () => {
    expect(t('accept.asks_agent', { agent: '<b>{organisation}</b>' })).toBe('<b>{organisation}</b> asks for access');
  });

  it('names the end of a reference, and none where the service’s log says nothing', () => {
    const trace = '0190b7a011117000800000000ab12cd3';
    expect(reference({ code: 'internal', params: {}, trace })).toBe('Reference 0ab12cd3');
    expect(reference({ code: 'wrong_credentials', params: {}, trace })).toBe('');
  });

  it('counts', () => {
    expect(tn('requests.count', 1)).toBe('1 request');
    expect(tn('requests.count', 10_000)).toBe('10,000 requests');
  });
});
