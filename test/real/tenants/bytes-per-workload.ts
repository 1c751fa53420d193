import { createVirtualReplica } from '../../edges/scaler/no-harm/virtual-replica.ts';
import { createWorld } from '../../edges/scaler/no-harm/world.ts';

/** A program: writes how many bytes a workload takes that has learned four weeks of minutes, its model, decision and entry together. */
const workloads = Number(process.argv[2]);
const shared = 5;
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
  companion: 'twin',
  gaps: [],
  sourceEpisodes: [],
  modelEpisodes: [],
  events: [],
});
const replica = createVirtualReplica(world);

async function meet(query: number): Promise<void> {
  const scalerMetadata = { query: `q${query}`, threshold: '10' };
  await replica.meet({ namespace: 'left', name: `app-${query}`, scalerMetadata });
}

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  // Not all that is external: text and code that no workload has are let go of whenever the engine likes.
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

// The first ones load and compile what all share.
for (let query = 0; query < shared; query++) await meet(query);
const before = usedBytes();
for (let query = shared; query < shared + workloads; query++) await meet(query);
process.stdout.write(JSON.stringify({ bytes: (usedBytes() - before) / workloads, models: replica.models() }));
