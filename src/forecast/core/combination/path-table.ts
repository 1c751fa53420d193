import { everyStepTo, type Horizons } from '../clock/horizons.ts';
import type { Scratch } from '../memory/scratch.ts';

/**
 * What every expert of a forecaster predicts, and the combination of it, one path of steps each. All forecasters of one
 * scratch share a table, because a path is as large as what an expert has learned and only one forecaster is asked at a
 * time. A forecaster that finds the paths of another one here predicts again; predictions depend only on what was learned.
 */
export interface PathTable {
  readonly horizonSteps: number;
  /** The forecaster whose paths these are. */
  owner: object | undefined;
  /** The owner's count of what it had learned when it predicted; a higher count makes the paths out of date. */
  version: number;
  /** Every step up to this one is predicted. */
  steps: number;
  /** Every step up to this one is combined. */
  combinedSteps: number;
  /** 1 where an expert had a prediction, by expert. */
  readonly isAvailable: Uint8Array;
  /** Predictions of all experts, one path of `horizonSteps` after the other, in the engine's unit. */
  readonly values: Float64Array;
  /** The path of each expert: a part of `values`. */
  readonly ofExpert: readonly Float64Array[];
  /** The combination at each step, in the engine's unit. */
  readonly combined: Float64Array;
  /** The highest combination up to each step. */
  readonly maxima: Float64Array;
  /** The logarithm of each step's number, 1 … horizonSteps. */
  readonly logs: Float64Array;
  /** The horizons that one observed value needs; filled at each. */
  readonly wanted: Horizons;
  /** Every step up to a horizon; its `count` is set at each use. */
  readonly everyStep: Horizons;
}

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

function noTables(): PathTable[] {
  return [];
}

function createPathTable(expertCount: number, horizonSteps: number): PathTable {
  const values = new Float64Array(expertCount * horizonSteps);
  return {
    horizonSteps,
    owner: undefined,
    version: 0,
    steps: 0,
    combinedSteps: 0,
    isAvailable: new Uint8Array(expertCount),
    values,
    ofExpert: Array.from({ length: expertCount }, (_, e) =>
      values.subarray(e * horizonSteps, (e + 1) * horizonSteps),
    ),
    combined: new Float64Array(horizonSteps),
    maxima: new Float64Array(horizonSteps),
    logs: Float64Array.from({ length: horizonSteps }, (_, h) => Math.log(h + 1)),
    wanted: { count: 0, farthest: 0, steps: new Int32Array(horizonSteps) },
    everyStep: everyStepTo(horizonSteps),
  };
}
