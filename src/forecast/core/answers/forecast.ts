import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import { NeighbourTable } from '../combination/interpolation.ts';
import type { ForecastRequest, ForecastResult } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import { whyNoForecast } from '../engine/readiness.ts';
import { GrowingNumbers } from '../memory/scratch.ts';
import { boundAt, checkRequest, risingLevels } from './request.ts';

/** The forecast of the grid values after the origin. Throws a RangeError for a request that cannot be answered. */
export function forecastFrom(engine: Engine, request: ForecastRequest): ForecastResult {
  const { horizonSteps, quantiles = defaultQuantiles } = checkRequest(request);
  const { lengths, unit, originSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoForecast(seen, lengths);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const levels = risingLevels(quantiles);
  const centres = numbers.centres.atLeast(horizonSteps);
  const held = numbers.held.atLeast(horizonSteps);
  engine.readPath(horizonSteps, centres, held);
  const path = { centres, roots: numbers.roots.atLeast(horizonSteps), held, silentSteps: seen.silentSteps };
  // One piece of memory: each that is not in the heap costs as much as a hundred steps.
  const answer = new Float64Array((1 + levels.length) * horizonSteps);
  const pathOf = (number: number) => answer.subarray(number * horizonSteps, (number + 1) * horizonSteps);
  const median = pathOf(0);
  for (let h = 0; h < horizonSteps; h++) {
    median[h] = centres[h]! * unit;
    held[h] = Math.sqrt(held[h]!);
  }
  // Levels below the median are seldom asked for.
  if (levels[0]! < 0.5) for (let h = 0; h < horizonSteps; h++) path.roots[h] = Math.sqrt(centres[h]!);
  const lowest = numbers.lowest.atLeast(horizonSteps).fill(0, 0, horizonSteps);
  const paths = levels.map((level, band) => {
    if (level === 0.5) for (let h = 0; h < horizonSteps; h++) lowest[h] = Math.max(lowest[h]!, centres[h]!);
    else raiseToBound(lowest, horizonSteps, level, path, engine);
    const values = pathOf(band + 1);
    for (let h = 0; h < horizonSteps; h++) values[h] = lowest[h]! * unit;
    return values;
  });
  return {
    status: 'ok',
    origin,
    stepSeconds: lengths.gridSeconds,
    seasonsSeconds: seasonsSecondsOf(engine),
    median,
    quantiles: Object.fromEntries(levels.map((level, band) => [String(level), paths[band]!])),
  };
}

/** A path of medians in the engine's unit, its square roots, and those that bounds above it begin at. */
interface Path {
  readonly centres: Float64Array;
  readonly roots: Float64Array;
  readonly held: Float64Array;
  readonly silentSteps: number;
}

/** Raises the bounds of a lower level to those of this one, which is not the median's. */
function raiseToBound(
  bounds: Float64Array,
  steps: number,
  level: number,
  { centres, roots, held, silentSteps }: Path,
  { horizons, lengths }: Engine,
): void {
  const isAbove = level > 0.5;
  const from = isAbove ? held : roots;
  const residuals = numbers.residuals.atLeast(horizons.length);
  // Quantiles are read once at each horizon, not at every step.
  for (let i = 0; i < horizons.length; i++) residuals[i] = horizons[i]!.residualQuantile(level);
  const beside = neighbourTableOf(lengths.scoredHorizonSteps);
  const along = numbers.along.atLeast(steps);
  // While no value comes, the newest one is farther away than the origin says.
  beside.along(1 + silentSteps, steps, residuals, along);
  if (silentSteps > 0) {
    // What is farther away is no surer than the same step while values came, whatever was learned of it.
    const seen = numbers.seen.atLeast(steps);
    beside.along(1, steps, residuals, seen);
    const farther = isAbove ? Math.max : Math.min;
    for (let h = 0; h < steps; h++) along[h] = farther(along[h]!, seen[h]!);
  }
  for (let h = 0; h < steps; h++) {
    const bound = boundAt(from[h]!, along[h]!);
    const centre = centres[h]!;
    bounds[h] = Math.max(bounds[h]!, isAbove ? Math.max(bound, centre) : Math.min(bound, centre));
  }
}

/** What a call writes and reads there, and no other. */
const numbers = {
  centres: new GrowingNumbers(),
  roots: new GrowingNumbers(),
  held: new GrowingNumbers(),
  lowest: new GrowingNumbers(),
  residuals: new GrowingNumbers(),
  along: new GrowingNumbers(),
  seen: new GrowingNumbers(),
};

/** Forecasters of one kind share their lengths. */
const neighbourTables = new WeakMap<readonly number[], NeighbourTable>();

function neighbourTableOf(places: readonly number[]): NeighbourTable {
  const known = neighbourTables.get(places);
  if (known !== undefined) return known;
  const made = new NeighbourTable(places);
  neighbourTables.set(places, made);
  return made;
}

/** The seasons found, in whole seconds. */
export function seasonsSecondsOf({ seasons, lengths }: Engine): number[] {
  return seasons.foundSteps.map((steps) => Math.round(steps * lengths.gridSeconds));
}
