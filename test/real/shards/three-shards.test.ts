import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, type MeasuredProcess, startMeasured } from '../../../bench/scale/processes/measured-process.ts';
import { curveOf, evenDemandAt } from '../../../bench/scale/source/made-demand.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { eventually } from '../../support/eventually.ts';
import { isLongForm } from '../../support/long-form.ts';
import { makeShards, type RunningShard } from './running-shards.ts';

/** `make test-long` plays as many as three servers carry. */
const workloads = isLongForm ? 30_000 : 30;
const perShard = workloads / 3;
const timeout = isLongForm ? 7_200_000 : 900_000;
/** A restarted server answers within this of one that ran on. */
const restartRatio = 0.01;

interface Looked {
  readonly shards: readonly { readonly name: string; readonly answers: boolean; readonly error?: string }[];
  readonly workloads: readonly { readonly name: string; readonly state: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'forescale-shards-'));
let source: MeasuredProcess | undefined;
let shards: readonly RunningShard[] = [];

beforeAll(async () => {
  source = startMeasured('source/stand-in.ts', ['even']);
  const port = await ask<'listening', number>(source.child, '', 'listening');
  shards = await makeShards(`http://127.0.0.1:${port}`, folder, { workloads, history: '2d' });
  for (const shard of shards) await shard.start();
}, timeout);
afterAll(async () => {
  for (const shard of shards) await shard.close();
  await source?.stop();
  rmSync(folder, { recursive: true, force: true });
}, timeout);

/** `forescale status` of the first shard: what people see of all. */
async function status(): Promise<Looked> {
  const server = shards[0]?.server().httpUrl ?? '';
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['src/cli/main.ts', 'status', '--json', '--server', server],
    { cwd: projectRoot, maxBuffer: 256 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Looked;
}

/** Workloads of all shards that answer by their forecast. */
async function trusted(): Promise<number> {
  const answer = await fetch(`${shards[0]?.server().httpUrl}/api/v1/shards`);
  const said = (await answer.json()) as {
    shards: readonly { workloads: { byState: Readonly<Record<string, number>> } | null }[];
  };
  return said.shards.reduce((sum, { workloads: counts }) => sum + (counts?.byState['trusted'] ?? 0), 0);
}

const answering = ({ shards: seen }: Looked) => seen.filter(({ answers }) => answers).map(({ name }) => name);

/** Workloads whose value is missing, below the demand, or lower than it was. */
function harmed(
  now: ReadonlyMap<string, number | undefined>,
  before: ReadonlyMap<string, number | undefined>,
) {
  return [...now].filter(([app, value = 0]) => {
    const floor = Math.max(evenDemandAt(curveOf(app)), (1 - restartRatio) * (before.get(app) ?? 0));
    return value < floor;
  });
}

it(`serves ${workloads} workloads by three processes, of which one is killed and back: no value is lower, nobody else is harmed`, {
  timeout,
}, async () => {
  const [first, second, third] = shards;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three shards');
  for (const shard of shards) {
    expect(shard.triggers).toHaveLength(perShard);
    await eventually(
      async () => [...(await shard.values()).values()].filter((value) => value === undefined).length,
      (missing) => missing === 0,
      timeout,
    );
  }
  await eventually(trusted, (count) => count === workloads, timeout);
  const warm = await status();
  expect(answering(warm)).toEqual(['first', 'second', 'third']);
  expect(warm.workloads).toHaveLength(workloads);
  const before = new Map(
    await Promise.all(shards.map(async (shard) => [shard, await shard.values()] as const)),
  );
  const since = (shard: RunningShard) => before.get(shard) ?? new Map();

  await third.server().kill();
  const without = await status();
  expect(answering(without)).toEqual(['first', 'second']);
  expect(without.workloads).toHaveLength(2 * perShard);
  for (const shard of [first, second]) expect(harmed(await shard.values(), since(shard))).toEqual([]);
  expect([...(await third.values()).values()].every((value) => value === undefined)).toBe(true);

  const starting = third.start();
  // KEDA asks the others all the time.
  const others = [first, second].map(async (shard) => harmed(await shard.values(), since(shard)));
  await starting;
  expect(await Promise.all(others)).toEqual([[], []]);
  expect(harmed(await third.values(), since(third))).toEqual([]);
  const back = await status();
  expect(answering(back)).toEqual(['first', 'second', 'third']);
  expect(back.workloads).toHaveLength(workloads);
  for (const shard of shards) expect(harmed(await shard.values(), since(shard))).toEqual([]);
});
