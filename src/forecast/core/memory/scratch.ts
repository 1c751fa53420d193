import type { Horizons } from '../clock/horizons.ts';

/**
 * Where the experts' predictions lie while they are looked at: one place for all forecasters of a process, because only
 * one of them speaks at a time and ten thousand of them would otherwise each hold as much as all they have learned.
 * Who finds another's predictions here predicts anew; what is predicted depends on what was learned alone.
 */
export interface Paths {
  owner: object | undefined;
  /** The owner's own count of what it has learned, so that it sees that its predictions are old. */
  version: number;
  /** So many steps, every one of them, are predicted, and combined. */
  steps: number;
  combinedSteps: number;
  /** What a step asks for itself. */
  readonly wanted: Horizons;
  readonly canSpeak: Uint8Array;
  readonly ofExpert: readonly Float64Array[];
  /** All of them, one expert after the other, each `horizonSteps` long. */
  readonly table: Float64Array;
  readonly horizonSteps: number;
  /** Of each expert, for one step. */
  readonly predictions: Float64Array;
  /** Logarithm of each step. */
  readonly logs: Float64Array;
  readonly combined: Float64Array;
  /** Highest of the combination up to each step. */
  readonly maxima: Float64Array;
}

const made: Paths[] = [];

/** The place for so many experts; it grows to the longest horizon asked for. */
export function pathsFor(expertCount: number, horizonSteps: number): Paths {
  const fitting = made.find(
    ({ ofExpert, combined }) => ofExpert.length === expertCount && combined.length >= horizonSteps,
  );
  if (fitting !== undefined) return fitting;
  const row = () => new Float64Array(horizonSteps);
  const table = new Float64Array(expertCount * horizonSteps);
  const paths = {
    owner: undefined,
    version: 0,
    steps: 0,
    combinedSteps: 0,
    wanted: { count: 0, steps: new Int32Array(horizonSteps) },
    canSpeak: new Uint8Array(expertCount),
    ofExpert: Array.from({ length: expertCount }, (_, e) =>
      table.subarray(e * horizonSteps, (e + 1) * horizonSteps),
    ),
    table,
    horizonSteps,
    predictions: new Float64Array(expertCount),
    logs: row().map((_, h) => Math.log(h + 1)),
    combined: row(),
    maxima: row(),
  };
  made.push(paths);
  return paths;
}
