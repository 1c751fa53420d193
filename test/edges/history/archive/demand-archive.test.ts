import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DemandArchive, openDemandArchive } from '../../../../src/history/archive/demand-archive.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { nextTurn } from '../../../../src/platform/turns/time-slices.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { madeRollUps } from '../../../pure/history/archive/made-demand.ts';

const startSeconds = 1_767_690_000;
const rollUps = madeRollUps(2_000, startSeconds);
let folder: TemporaryFolder;
let archive: DemandArchive | undefined;
beforeEach(async () => {
  folder = await openTemporaryFolder('forescale-archive');
});
afterEach(async () => {
  await archive?.close();
  await folder.remove();
});

async function open(more: Partial<Parameters<typeof openDemandArchive>[0]> = {}): Promise<DemandArchive> {
  await archive?.close();
  archive = openDemandArchive({
    path: join(folder.path, 'demand.sqlite'),
    mostBytes: 1024 * 1024,
    keptSeconds: 400 * 86_400,
    log: silentLogger,
    ...more,
  });
  return archive;
}

it('has what was noted, at once and after a restart', async () => {
  const first = await open();
  first.note({ key: 'a', lengthSeconds: 300, rollUps });
  const atOnce = await first.read('a', 0, 2 * startSeconds);
  expect(atOnce.map(({ atSeconds }) => atSeconds)).toEqual(rollUps.map(({ atSeconds }) => atSeconds));
  expect(first.state()).toMatchObject({ series: 1, warning: undefined });
  const again = await open();
  expect(await again.read('a', startSeconds + 299_700, startSeconds + 300_300)).toEqual(
    atOnce.slice(1_000, 1_002),
  );
  expect(await again.reach('a')).toMatchObject({ oldestSeconds: startSeconds, rollUps: 2_000 });
  expect(await again.reach('b')).toBeUndefined();
  expect((await again.spans('a')).reduce((sum, [, rows]) => sum + rows, 0)).toBe(10_000);
});

it('asks how far several series reach at once, because a server that starts asks for thousands', async () => {
  const reachOf = (key: string) => (key === 'c' ? undefined : { oldestSeconds: 300, rollUps: 1, bytes: 9 });
  const asked: (readonly string[])[] = [];
  const one = await open({
    startThread: () => ({
      async run(task) {
        if (task.kind !== 'reaches') return undefined;
        asked.push(task.keys);
        return task.keys.map(reachOf);
      },
      close: async () => undefined,
    }),
  });
  const keys = ['a', 'b', 'c'];
  expect(await Promise.all(keys.map((key) => one.reach(key)))).toEqual(keys.map(reachOf));
  expect(await one.reach('d')).toEqual(reachOf('d'));
  expect(asked).toEqual([keys, ['d']]);
});

it('makes no server fail where its thread cannot be started, and says why', async () => {
  const none = await open({
    startThread: () => {
      throw new Error('no thread is to spare');
    },
  });
  none.note({ key: 'a', lengthSeconds: 300, rollUps });
  expect(await none.read('a', 0, 2 * startSeconds)).toEqual([]);
  expect(none.state().warning).toMatch(
    /demand\.sqlite ended: Error: no thread is to spare; restart the server/,
  );
});

it('keeps what could not be written until it can', async () => {
  const path = join(folder.path, 'blocked', 'demand.sqlite');
  // A folder in the place of the file: SQLite cannot open it.
  mkdirSync(path, { recursive: true });
  const blocked = await open({ path });
  blocked.note({ key: 'a', lengthSeconds: 300, rollUps });
  expect(await blocked.read('a', 0, 2 * startSeconds)).toEqual([]);
  await expect.poll(() => blocked.state().warning).toContain(path);
  expect(blocked.state().warning).toMatch(/it is tried again every minute/);
});

it('loses nothing where weeks of many workloads are noted within one flush', async () => {
  let written = 0;
  const lost: string[] = [];
  const started = await open({
    log: {
      ...silentLogger,
      warn: (_: object, event: string) => void lost.push(event),
    } as typeof silentLogger,
    startThread: () => ({
      run: async (task) => {
        if (task.kind === 'put') written += task.noted.length;
        return { bytes: 1, series: written, oldestSeconds: undefined };
      },
      close: async () => {},
    }),
  });
  const monthOfSteps = madeRollUps(8_064, startSeconds);
  for (let workload = 0; workload < 40; workload++) {
    started.note({ key: String(workload), lengthSeconds: 300, rollUps: monthOfSteps });
    await nextTurn();
  }
  await started.close();
  expect(lost).toEqual([]);
  expect(written).toBe(40);
});

it('tries once a flush where nothing can be written, however much waits', async () => {
  let tried = 0;
  const started = await open({
    startThread: () => ({
      run: async (task) => {
        if (task.kind === 'put') tried++;
        throw new Error('the disk is full');
      },
      close: async () => {},
    }),
  });
  const monthOfSteps = madeRollUps(8_064, startSeconds);
  for (let workload = 0; workload < 10; workload++) {
    started.note({ key: String(workload), lengthSeconds: 300, rollUps: monthOfSteps });
    await nextTurn();
  }
  expect(tried).toBe(1);
});
