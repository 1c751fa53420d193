import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Logger } from '../../../src/platform/log.ts';
import { createKnownWorkloadsFile } from '../../../src/scaler/index.ts';

const clock = () => 1_700_000_000;
const named = (name: string) => ({ namespace: 'shop', name, scalerMetadata: {}, askedSecondsAgo: 5 });
let folder: string;
let path: string;
const logged: object[] = [];
const note = (fields: object, event: string) => void logged.push({ event, ...fields });
const log: Logger = { debug: note, info: note, warn: note, error: note };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forescale-known-'));
  path = join(folder, 'known-workloads.ndjson');
  logged.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps the other workloads where one line is wrong, and says file, line and what is wrong', async () => {
  const file = createKnownWorkloadsFile(folder, { clock, log });
  await file.save([named('web'), named('api'), named('mail')]);
  const lines = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, lines.with(1, lines[1]?.slice(0, 20) ?? '').join('\n'));
  const known = await file.load();
  expect(known).toEqual([named('web'), named('mail')]);
  expect(logged).toEqual([{ event: 'known-workloads-left-out', path, wrong: ['line 2: it is no JSON'] }]);
  await file.save(known);
  expect(await file.load()).toEqual(known);
});

it('says nothing where nothing was saved', async () => {
  expect(await createKnownWorkloadsFile(folder, { clock, log }).load()).toEqual([]);
  expect(logged).toEqual([]);
});

it.each(['too large', 'no file'])('puts aside what is %s, so that no save takes its place', async (what) => {
  if (what === 'no file') await mkdir(path);
  else await writeFile(path, '').then(() => truncate(path, 25 * 1024 * 1024));
  const file = createKnownWorkloadsFile(folder, { clock, log });
  expect(await file.load()).toEqual([]);
  await file.save([named('web')]);
  expect(await file.load()).toEqual([named('web')]);
  expect((await readdir(folder)).sort()).toEqual([
    'known-workloads.ndjson',
    'known-workloads.ndjson.unreadable',
  ]);
  expect(logged).toMatchObject([{ event: 'known-workloads-unreadable', asidePath: `${path}.unreadable` }]);
});
