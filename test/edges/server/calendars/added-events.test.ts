import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Logger } from '../../../../src/platform/log.ts';
import { openAddedEvents } from '../../../../src/server/calendars/added-events.ts';

const now = 1_800_000_000;
let stateDir: string;
let path: string;
const logged: object[] = [];
const note = (fields: object, event: string) => {
  if (event.startsWith('calendar-events-')) logged.push({ event, ...fields });
};
const log: Logger = { debug: note, info: note, warn: note, error: note };
const open = () => openAddedEvents({ stateDir, clock: () => now, log, onChange() {} });
const sale = (name: string) => ({
  name,
  from: '2027-02-01T10:00:00Z',
  duration: '1h',
  workloads: ['shop/web'],
});

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'forescale-events-'));
  path = join(stateDir, 'calendar-events.json');
  logged.length = 0;
  const events = await open();
  for (const kind of ['one', 'two']) await events.add(sale(kind));
});
afterEach(() => rm(stateDir, { recursive: true }));

it('keeps the other events that were added where one is no event, and says so', async () => {
  const { events } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ events: [{ ...events[0], at: 'yesterday' }, events[1]] }));
  expect((await open()).list()).toHaveLength(1);
  expect(logged).toEqual([{ event: 'calendar-events-left-out', path, leftOut: 1 }]);
});

it('puts a file aside that it cannot read, so that no save takes its place', async () => {
  const whole = await readFile(path, 'utf8');
  const cut = whole.slice(0, whole.length - 20);
  await writeFile(path, cut);
  const events = await open();
  await events.add(sale('three'));
  expect((await open()).list()).toHaveLength(1);
  expect((await readdir(stateDir)).sort()).toEqual([
    'calendar-events.json',
    'calendar-events.json.unreadable',
  ]);
  expect(await readFile(`${path}.unreadable`, 'utf8')).toBe(cut);
  expect(logged).toMatchObject([
    { event: 'calendar-events-unreadable', path, asidePath: `${path}.unreadable` },
  ]);
});
