import { describe, expect, it } from 'vitest';

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** Those under `folder` that import what `forbidden` matches. */
const offenders = (folder: string, forbidden: RegExp) =>
  files
    .filter(({ file }) => file.startsWith(folder))
    .filter(({ text }) => [...text.matchAll(/(?:from|import) '([^']+)'/g)].some(([, path]) => forbidden.test(path ?? '')))
    .map(({ file }) => file);

describe('the layers', () => {
  it('have one door to the platform', () => {
    expect(offenders('', /^@tauri-apps\//)).toEqual(['ipc/tauri.ts']);
  });

  it('keep the fake client out of everything but the start', () => {
    const users = files.filter(({ file, text }) => !file.startsWith('ipc/mock') && text.includes('ipc/mock'));
    expect(users.map(({ file }) => file)).toEqual(['main.ts']);
  });

  it('let parts know no feature, and features no view', () => {
    expect(offenders('parts/', /\/(features|views)\//)).toEqual([]);
    expect(offenders('features/', /\/views\//)).toEqual([]);
    expect(offenders('state/', /\/(features|views|parts)\//)).toEqual([]);
  });

  it('stay small: no component over 200 lines, no file over 400', () => {
    const lengths = files.map(({ file, text }) => ({ file, lines: text.split('\n').length }));
    expect(lengths.filter(({ file, lines }) => lines > (file.endsWith('.svelte') ? 200 : 400))).toEqual([]);
  });
});
