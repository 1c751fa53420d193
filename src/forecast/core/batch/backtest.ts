import { coprimeNear } from '../arithmetic/coprime.ts';
import { everyStepTo } from '../clock/horizons.ts';
import type { ExpertFactory } from '../experts/expert.ts';
import { createExpertInputs } from '../experts/inputs.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { Prepared } from './prepared.ts';

/** With 8 origins the error was 7 % higher, with 14 it was 1.5 % higher, with 20 the same. */
const mostOrigins = 28;
/** Origins lie in the last two weeks of days: at older ones the experts were still learning. */
const spanSeasons = 14;
/** A season of fewer steps than this counts as so many, so that the span holds enough origins. */
const fewestSpanSteps = 24;

/** The paths of `horizonSteps` values that every expert predicted at past origins and predicts now. */
export interface Backtest {
  readonly horizonSteps: number;
  /** Number of values that were known at each origin, rising; the last origin is now. */
  readonly origins: readonly number[];
  /** Paths by expert, then origin; undefined where the expert could not predict every step of the path. */
  readonly paths: readonly (readonly (Float64Array | undefined)[])[];
}

/** Runs the experts over the series once, in order, so that a path depends on the values before its origin alone. */
export function runBacktest(
  prepared: Prepared,
  seasons: { readonly shortSteps: number; readonly longSteps: number },
  horizonSteps: number,
  factories: readonly ExpertFactory[],
  scratch: Scratch,
): Backtest {
  const { values, isObserved } = prepared;
  const inputs = createExpertInputs({
    shortSeasonSteps: seasons.shortSteps,
    longSeasonSteps: seasons.longSteps,
    horizonSteps,
    settleSteps: 0,
    rememberedSteps: values.length,
    scratch,
  });
  const experts = factories.map((make) => make(inputs.context));
  const paths = experts.map((): (Float64Array | undefined)[] => []);
  const everyStep = everyStepTo(horizonSteps);
  const origins = originsOf(values.length, seasons.shortSteps);
  let next = 0;
  for (let step = 0; step < values.length; step++) {
    inputs.push(values[step]!, isObserved[step] === 1);
    for (const expert of experts) expert.learn(step, inputs.isObserved, inputs.isSettledObserved);
    inputs.settle();
    if (origins[next] !== step + 1) continue;
    next++;
    experts.forEach((expert, e) => {
      const path = new Float64Array(horizonSteps);
      const isWhole = expert.predict(path, everyStep) && !path.some(Number.isNaN);
      paths[e]!.push(isWhole ? path : undefined);
    });
  }
  return { horizonSteps, origins, paths };
}

/** Evenly spaced origins. Their distance shares no divisor with the season, so that every time of day has its turn. */
function originsOf(length: number, season: number): number[] {
  const newest = length - Math.max(1, Math.round(season / 6));
  const span = Math.min(
    spanSeasons * Math.max(fewestSpanSteps, season),
    Math.floor(length * 0.6),
    newest - Math.ceil(1.25 * season),
  );
  const distance = coprimeNear(span / mostOrigins, season);
  const origins = [length];
  for (let i = 0; i < mostOrigins; i++) {
    const origin = newest - i * distance;
    if (origin < newest - span || origin <= season) break;
    origins.unshift(origin);
  }
  return origins;
}
