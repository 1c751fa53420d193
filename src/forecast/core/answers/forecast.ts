import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import { NeighbourTable } from '../combination/interpolation.ts';
import type { ForecastRequest, ForecastResult } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import { whyNoForecast } from '../engine/readiness.ts';
import { boundAt, checkRequest, risingLevels } from './request.ts';

/** The forecast of the grid values after the origin. Throws a RangeError for a request that cannot be answered. */
export function forecastFrom(engine: Engine, request: ForecastRequest): ForecastResult {
  const { horizonSteps, quantiles = defaultQuantiles } = checkRequest(request);
  const { lengths, unit, originSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoForecast(seen, lengths);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const levels = risingLevels(quantiles);
  const median = new Float64Array(horizonSteps);
  const paths = levels.map(() => new Float64Array(horizonSteps));
  const residualsAt = residualsAlong(engine, levels);
  const seenResidualsAt = seen.silentSteps > 0 ? residualsAlong(engine, levels) : undefined;
  // From the far end, so that the whole path is predicted at once.
  for (let h = horizonSteps; h >= 1; h--) {
    const held = engine.heldAt(h);
    const centre = engine.isHeldAlone(h) ? held : engine.medianAt(h);
    const root = Math.sqrt(centre);
    const heldRoot = held === centre ? root : Math.sqrt(held);
    median[h - 1] = centre * unit;
    // While no value comes, the newest one is farther away than the origin says.
    const residuals = residualsAt(h + seen.silentSteps);
    if (seenResidualsAt !== undefined) widen(residuals, seenResidualsAt(h), levels);
    let floor = 0;
    for (let band = 0; band < levels.length; band++) {
      const level = levels[band]!;
      const value = level === 0.5 ? centre : boundAt(level > 0.5 ? heldRoot : root, residuals[band]!);
      floor = Math.max(floor, level > 0.5 ? Math.max(value, centre) : Math.min(value, centre));
      paths[band]![h - 1] = floor * unit;
    }
  }
  return {
    status: 'ok',
    origin,
    stepSeconds: lengths.gridSeconds,
    seasonsSeconds: seasonsSecondsOf(engine),
    median,
    quantiles: Object.fromEntries(levels.map((level, band) => [String(level), paths[band]!])),
  };
}

/**
 * The residuals of levels at places on the scale of scored horizons. Quantiles are read once at each horizon, not at every step. The
 * array is overwritten by the next call.
 */
function residualsAlong({ horizons, lengths }: Engine, levels: readonly number[]) {
  const scored = horizons.map((horizon) => levels.map((level) => horizon.residualQuantile(level)));
  const beside = neighbourTableOf(lengths.scoredHorizonSteps);
  const residuals = new Float64Array(levels.length);
  return (place: number): Float64Array => {
    const number = beside.aboveAt(place);
    const share = beside.shareAt(place);
    const below = scored[Math.max(0, number - 1)]!;
    const above = scored[number]!;
    for (let band = 0; band < residuals.length; band++)
      residuals[band] = (1 - share) * below[band]! + share * above[band]!;
    return residuals;
  };
}

/** Forecasters of one kind share their lengths. */
const neighbourTables = new WeakMap<readonly number[], NeighbourTable>();

function neighbourTableOf(places: readonly number[]): NeighbourTable {
  const known = neighbourTables.get(places);
  if (known !== undefined) return known;
  const made = new NeighbourTable(places);
  neighbourTables.set(places, made);
  return made;
}

/** Moves residuals out to those of the same step while values came: what is farther away is no surer, whatever was learned of it. */
function widen(residuals: Float64Array, seen: Float64Array, levels: readonly number[]): void {
  for (let band = 0; band < residuals.length; band++) {
    const [own, other] = [residuals[band]!, seen[band]!];
    residuals[band] = levels[band]! > 0.5 ? Math.max(own, other) : Math.min(own, other);
  }
}

/** The seasons found, in whole seconds. */
export function seasonsSecondsOf({ seasons, lengths }: Engine): number[] {
  return seasons.foundSteps.map((steps) => Math.round(steps * lengths.gridSeconds));
}
