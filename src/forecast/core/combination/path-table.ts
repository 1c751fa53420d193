import { everyStepTo } from '../clock/horizons.ts';
import type { Scratch } from '../memory/scratch.ts';

export type PathTable = ReturnType<typeof createPathTable>;

/** The scratch's table for so many experts; a longer horizon than any before makes a longer table. */
export function pathTableFor(scratch: Scratch, expertCount: number, horizonSteps: number): PathTable {
  const tables = scratch.of(noTables);
  const fitting = tables.find(
    (table) => table.ofExpert.length === expertCount && table.horizonSteps >= horizonSteps,
  );
  if (fitting !== undefined) return fitting;
  const made = createPathTable(expertCount, horizonSteps);
  tables.push(made);
  return made;
}

const noTables = (): PathTable[] => [];

/**
 * What every expert of a forecaster predicts, and the combination of it, one path of steps each. All forecasters of one
 * scratch share a table, because a path is as large as what an expert has learned and only one forecaster is asked at a
 * time. A forecaster that finds the paths of another one here predicts again; predictions depend only on what was learned.
 */
function createPathTable(expertCount: number, horizonSteps: number) {
  const values = new Float64Array(expertCount * horizonSteps);
  return {
    horizonSteps,
    /** The forecaster whose paths these are. */
    owner: undefined as object | undefined,
    /** The owner's count of what it had learned when it predicted; a higher count makes the paths out of date. */
    version: 0,
    /** Every step up to this one is predicted. */
    steps: 0,
    /** Every step up to this one is combined. */
    combinedSteps: 0,
    /** 1 where an expert had a prediction, by expert. */
    isAvailable: new Uint8Array(expertCount),
    /** Predictions of all experts, one path of `horizonSteps` after the other, in the engine's unit. */
    values,
    /** The path of each expert: a part of `values`. */
    ofExpert: Array.from({ length: expertCount }, (_, e) =>
      values.subarray(e * horizonSteps, (e + 1) * horizonSteps),
    ),
    /** The combination at each step, in the engine's unit. */
    combined: new Float64Array(horizonSteps),
    /** What the correction of far horizons has added to the combination at each step. */
    added: new Float64Array(horizonSteps),
    /** The highest combination up to each step. */
    maxima: new Float64Array(horizonSteps),
    /** The logarithm of each step's number, 1 … horizonSteps. */
    logs: Float64Array.from({ length: horizonSteps }, (_, h) => Math.log(h + 1)),
    /** The horizons that one observed value needs; filled at each. */
    wanted: { count: 0, farthest: 0, steps: new Int32Array(horizonSteps) },
    /** Every step up to a horizon; its `count` is set at each use. */
    everyStep: everyStepTo(horizonSteps),
  };
}
