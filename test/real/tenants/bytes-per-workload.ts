import { setTimeout as sleep } from 'node:timers/promises';
import { createVirtualReplica } from '../../edges/scaler/no-harm/virtual-replica.ts';
import { createWorld } from '../../edges/scaler/no-harm/world.ts';

/** A program: writes how many bytes a workload takes that has learned four weeks of minutes, its model, decision and entry together. */
const workloads = Number(process.argv[2]);
/** Workloads that are there before, as in a full pod: more than there are engines, so that those that are measured take turns in them. */
const shared = 70;
const startSeconds = 1_764_547_200;
const daySeconds = 86_400;

const world = createWorld({
  scale: { stepSeconds: 60, seasonSeconds: daySeconds, historySeconds: 28 * daySeconds, metadata: {} },
  startSeconds,
  demands: Array.from({ length: shared + workloads }, (_, salt) => ({
    kind: 'daily',
    level: 100 + salt,
    noise: 0.1,
    glitchShare: 0,
    glitchValue: 0,
    salt,
    emptyIsZero: false,
  })),
  workloads: [],
  hpas: [],
  companion: 'twin',
  gaps: [],
  sourceEpisodes: [],
  modelEpisodes: [],
  calendarEpisodes: [],
  events: [],
});
const replica = createVirtualReplica(world);

async function meet(query: number): Promise<void> {
  const scalerMetadata = { query: `q${query}`, threshold: '10' };
  await replica.welcome([{ namespace: 'left', name: `app-${query}`, scalerMetadata }]);
}

/** Garbage that a promise or a callback still holds is let go of a turn of the loop later. */
async function usedBytes(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    await sleep(20);
    if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
    globalThis.gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// The first ones load and compile what all share.
for (let query = 0; query < shared; query++) {
  await meet(query);
  // The engine lets go of the code that is used once only after some collections.
  await usedBytes();
}
const before = await usedBytes();
for (let query = shared; query < shared + workloads; query++) {
  await meet(query);
  await usedBytes();
}
const bytes = ((await usedBytes()) - before) / workloads;
process.stdout.write(JSON.stringify({ bytes, models: replica.models() }));
