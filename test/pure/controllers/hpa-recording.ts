import { createVirtualFleet, type HpaBehavior } from '../../../src/controllers/index.ts';

/** What a real HPA controller did with one HPA, sync by sync. */
export interface RecordedHpa {
  readonly target: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Absent where the HPA has none. */
  readonly behavior?: HpaBehavior;
  readonly initialReplicas: number;
  /**
   * Seconds since the start of the recording at which the metric was read, its value (null = an error), the replicas that were asked
   * for next, and, where these are others than before, the moment at which that was written.
   */
  readonly syncs: readonly (readonly [
    readSeconds: number,
    total: number | null,
    replicas: number,
    writtenSeconds?: number,
  ])[];
}

export interface HpaRecording {
  readonly kubernetes: string;
  readonly syncSeconds: number;
  readonly runs: readonly RecordedHpa[];
}

export interface ReplayedHpa {
  readonly syncs: number;
  readonly changes: number;
  /** Syncs after which the replicas differ, with what was expected. */
  readonly wrong: readonly { readonly sync: number; readonly real: number; readonly simulated: number }[];
}

/** Plays the same values at the same times through our rules; nothing is set right after a difference. */
export function replayHpa({ syncs, ...run }: RecordedHpa): ReplayedHpa {
  const fleet = createVirtualFleet({ ...run, startUpSeconds: 0 });
  let changes = 0;
  let before = run.initialReplicas;
  const wrong: { sync: number; real: number; simulated: number }[] = [];
  for (const [sync, [readSeconds, total, real, writtenSeconds]] of syncs.entries()) {
    fleet.sync(readSeconds, total ?? Number.NaN, writtenSeconds);
    if (real !== before) changes++;
    before = real;
    const simulated = fleet.existingReplicas;
    if (simulated !== real) wrong.push({ sync, real, simulated });
  }
  return { syncs: syncs.length, changes, wrong };
}
