import { lengthsOf } from '../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../src/forecast/core/engine/engine.ts';
import { readTrees } from '../../src/forecast/core/families/trees.ts';
import { createScratch } from '../../src/forecast/core/index.ts';
import { createRowFeeder } from '../replay/row-feeder.ts';
import type { Trace } from '../replay/trace.ts';
import { originsOf } from '../replay/trace-replay.ts';

/** Origins of a trace at most, and steps a day at which they are taken where that makes fewer. */
const mostOrigins = 2000;
const originsADay = 24;
/** Errors of more units than this weigh as much as one of so many. */
const mostUnits = 8;
/** A root of less than this many units weighs as that. */
const leastRoot = 0.3;

/** A far forecast whose truth is known. */
export interface FarRow {
  /** Grid step of the origin, a whole multiple of `everySteps` of its cell after the first. */
  readonly step: number;
  /** Combination and truth, in the engine's unit. */
  readonly combined: number;
  readonly truth: number;
  readonly typical: number;
  /** Whether the origin is in the second half of the trace, which is scored. */
  readonly isScored: boolean;
  readonly features: readonly number[];
}

/** The far forecasts of one trace at one horizon, by their origins. */
export interface FarCell {
  readonly trace: string;
  readonly horizonSteps: number;
  readonly daySteps: number;
  readonly everySteps: number;
  readonly rows: readonly FarRow[];
}

/** Replays a trace from its third day on, without any trees, and keeps what they are told. */
export function farCells(trace: Trace): FarCell[] {
  const { name, history, grid } = trace;
  const lengths = lengthsOf({ stepSeconds: history.stepSeconds });
  const engine = createEngine(lengths, undefined, createScratch(), [], readTrees([]));
  const feeder = createRowFeeder(history, engine);
  const daySteps = lengths.shortSteps;
  const first = 2 * daySteps;
  const everySteps = Math.max(
    1,
    Math.round(daySteps / originsADay),
    Math.ceil((grid.values.length - first) / mostOrigins),
  );
  const scoredFrom = originsOf(trace, 1)[0] ?? grid.values.length;
  const cells = new Map<number, FarRow[]>();
  for (let origin = first; origin < grid.values.length; origin += everySteps) {
    feeder.feedUntil(grid.firstSeconds + origin * grid.stepSeconds);
    if (engine.unit === 0) continue;
    for (const { horizonSteps, combined, typical, isKnown, features } of engine.toldFar()) {
      const truth = (grid.values[origin + horizonSteps] ?? Number.NaN) / engine.unit;
      if (!isKnown || Number.isNaN(truth)) continue;
      const rows = cells.get(horizonSteps) ?? [];
      cells.set(horizonSteps, rows);
      const isScored = origin >= scoredFrom;
      rows.push({ step: origin - first, combined, truth, typical, isScored, features });
    }
  }
  return [...cells].map(([horizonSteps, rows]) => ({
    trace: name,
    ...{ horizonSteps, daySteps, everySteps, rows },
  }));
}

/** What the trees are to answer: how far the truth was from the combination, in typical errors. */
export function targetOf({ truth, combined, typical }: FarRow): number {
  return (Math.sqrt(truth) - Math.sqrt(combined)) / typical;
}

/**
 * What each row of a cell weighs: as much as an error of one unit is in demand, and all together as the root of their number, so that
 * neither a long trace nor a noisy one decides alone.
 */
export function weightsOf({ rows }: FarCell): number[] {
  const sizes = rows.map(
    ({ combined, typical }) => typical * Math.max(Math.sqrt(combined), leastRoot * typical),
  );
  const error = rows.reduce(
    (sum, row, i) => sum + sizes[i]! * Math.min(mostUnits, Math.abs(targetOf(row))),
    0,
  );
  return sizes.map((size) => (error > 0 ? (size * Math.sqrt(rows.length)) / error : 0));
}
