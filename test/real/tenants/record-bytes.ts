import { createMemoryKeeper } from '../../../src/scaler/record/memory-keeper.ts';
import { restlessDecisions } from '../../pure/scaler/record/some-decisions.ts';

/** A program: writes how many bytes the record of a workload takes in memory, of one that is never at rest. */
const workloads = Number(process.argv[2]);
const made = restlessDecisions(3_000);
const keeper = createMemoryKeeper({ mostWorkloads: workloads });

function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  for (let turn = 0; turn < 5; turn++) globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What a workload decides in some hours, a decision at a time. */
function live(workload: number): void {
  const key = { namespace: 'left', name: `app-${workload}`, trigger: 'a1b2c3d4' };
  for (const decision of made) {
    keeper.append([{ ...key, decision }]);
    keeper.tidy(decision.atSeconds);
  }
}

live(0);
const before = usedBytes();
for (let workload = 1; workload < workloads; workload++) live(workload);
const bytes = (usedBytes() - before) / (workloads - 1);
const key = { namespace: 'left', name: 'app-1', trigger: 'a1b2c3d4' };
const seconds = (made.at(-1)?.atSeconds ?? 0) - (keeper.oldestSeconds(key) ?? 0);
process.stdout.write(JSON.stringify({ bytes, hours: seconds / 3600 }));
