import { checkQuantiles, defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import { daySeconds } from '../clock/grid.ts';
import { type Scratch, sharedScratch } from '../memory/scratch.ts';
import { type Backtest, runBacktest, withoutLessons } from './backtest.ts';
import { candidates, referenceName } from './candidates.ts';
import { weighExperts } from './combination.ts';
import { errorsOf, relativeErrors } from './expert-errors.ts';
import { residualsOf } from './intervals.ts';
import { fewestPooledSeries, pooledCorrections } from './pooled/pooled-correction.ts';
import { pooledSeries } from './pooled/pooled-series.ts';
import { type Prepared, prepare } from './prepared.ts';
import { drawnTowards, sharedErrors } from './shared-errors.ts';
import { alikeErrors, usualErrors } from './usual-errors.ts';

/** Options of a batch forecast. */
export interface SeriesForecastOptions {
  /** Distance of the values, seconds. */
  readonly stepSeconds: number;
  /** Number of steps ahead, a whole number of at least 1. */
  readonly horizonSteps: number;
  /** Steps of the shortest season (default: a day); the longer season is seven of it. 1 = there is no season. */
  readonly seasonSteps?: number;
  /** Probabilities in (0, 1), default 0.5, 0.9, 0.95, 0.99. */
  readonly quantiles?: readonly number[];
}

/** A batch forecast, in the unit of the values. */
export interface SeriesForecast {
  /** `horizonSteps` values; the first is one step after the newest value. */
  readonly median: Float64Array;
  /** Keys are `String(q)`; each has `horizonSteps` values. */
  readonly quantiles: Readonly<Record<string, Float64Array>>;
}

/** Fewer values than this are too few to estimate errors, whatever the season. */
const fewestValues = 10;
const factories = Object.values(candidates);
const reference = Object.keys(candidates).indexOf(referenceName);

/**
 * Forecasts one series in one call; `values` are oldest first; NaN, negative and infinite values are missing. The experts run
 * over the series once; their errors at origins in the last two weeks of days give the weights and the quantiles. They are
 * drawn towards what is usual where the season is a day (usual-errors.ts), and together where it is another. A pure function of its arguments. Throws a
 * RangeError that names the option which cannot work, and where there are fewer than two seasons of values, because their errors
 * cannot be estimated. `scratch` is working memory, which changes no answer.
 */
export function forecastSeries(
  values: ArrayLike<number>,
  options: SeriesForecastOptions,
  scratch: Scratch = sharedScratch,
): SeriesForecast {
  return forecastAll([values], options, scratch, () => 'forecastSeries')[0]!;
}

/**
 * Forecasts many series in one call, in their order, all with the same options. Each is forecast as by `forecastSeries`, but the
 * errors of its experts are drawn towards those of the other series as well: which experts are good is learned from all of them. With
 * fifty series that vary, and more, boosted trees learn from all of them how their combinations err, and correct them as far as that is
 * proven at the end of each series (pooled-correction.ts). The order of the series changes no answer, and one series alone has the
 * answer of `forecastSeries`. Whoever may not learn from one another's series asks in calls of their own. The call does not yield: a
 * caller with an event loop to keep asks in a thread; hundreds of series of a thousand values take seconds to half a minute. About 4 KB a series and step of the horizon
 * are held until the call returns, 8 KB with fifty series and more. A RangeError names the number of the series, from 0.
 */
export function forecastSeriesTogether(
  series: readonly ArrayLike<number>[],
  options: SeriesForecastOptions,
  scratch: Scratch = sharedScratch,
): SeriesForecast[] {
  return forecastAll(series, options, scratch, (number) => `forecastSeriesTogether: series ${number}`);
}

/** One series, how its experts did, and their combination by origin. */
interface Combined {
  readonly prepared: Prepared;
  readonly backtest: Backtest;
  readonly combined: readonly Float64Array[];
}

function forecastAll(
  series: readonly ArrayLike<number>[],
  options: SeriesForecastOptions,
  scratch: Scratch,
  nameOf: (number: number) => string,
): SeriesForecast[] {
  const { horizonSteps, seasonSteps, quantiles, isDay } = checked(options, nameOf(0).split(':')[0]!);
  const seasons = { shortSteps: seasonSteps, longSteps: seasonSteps > 1 ? 7 * seasonSteps : 0 };
  const all = series.map((values, number) => preparedOf(values, seasonSteps, nameOf(number)));
  // The experts know no more of a constant than its value.
  const varying = all.filter(({ lowest, highest }) => lowest !== highest);
  const isPooled = varying.length >= fewestPooledSeries && seasonSteps > 1;
  const scored = varying.map((prepared) => {
    const backtest = runBacktest(prepared, seasons, horizonSteps, factories, scratch, isPooled);
    return {
      prepared,
      backtest,
      errors: errorsOf(withoutLessons(backtest), prepared, seasonSteps, reference),
    };
  });
  const shared = sharedErrors(
    scored.map(({ errors }) => relativeErrors(errors)),
    isDay ? usualErrors : alikeErrors,
  );
  const combined = scored.map(({ prepared, backtest, errors }, i): Combined => {
    const combine = weighExperts(drawnTowards(shared[i]!, errors), reference);
    const paths = backtest.origins.map((_, o) => combine(backtest.paths.map((ofExpert) => ofExpert[o])));
    return { prepared, backtest, combined: paths };
  });
  const corrections = isPooled
    ? pooledCorrections(
        combined.map((one) => pooledSeries(one.prepared, one.backtest, one.combined, seasonSteps)),
      )
    : undefined;
  const forecasts = new Map(
    combined.map((one, i) => [one.prepared, answerOf(one, corrections?.[i], quantiles)]),
  );
  return all.map((prepared) => forecasts.get(prepared) ?? constant(prepared.lowest, horizonSteps, quantiles));
}

/** The answer in the caller's unit: `correction` is added to the square root of the combination. */
function answerOf(
  { prepared, backtest, combined }: Combined,
  correction: Float64Array | undefined,
  quantiles: readonly number[],
): SeriesForecast {
  const now = combined.at(-1)!;
  const residual = residualsOf(withoutLessons(backtest), prepared, combined.slice(backtest.lessons));
  /** The path of one quantile. */
  const at = (level: number) =>
    now.map((value, h) => {
      const root = Math.sqrt(value) + (correction?.[h] ?? 0) + residual(level, h + 1);
      return prepared.base + prepared.scale * (root > 0 ? root * root : 0);
    });
  return {
    median: at(0.5),
    quantiles: Object.fromEntries(quantiles.map((level) => [String(level), at(level)])),
  };
}

function checked(options: SeriesForecastOptions, name: string) {
  const { stepSeconds, horizonSteps, quantiles = defaultQuantiles } = options;
  if (!(stepSeconds > 0 && stepSeconds < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name}: stepSeconds must be above 0, not ${stepSeconds}`);
  if (!Number.isInteger(horizonSteps) || horizonSteps < 1)
    throw new RangeError(`${name}: horizonSteps must be a whole number from 1, not ${horizonSteps}`);
  const seasonSteps = options.seasonSteps ?? Math.max(1, Math.round(daySeconds / stepSeconds));
  if (!Number.isInteger(seasonSteps) || seasonSteps < 1)
    throw new RangeError(`${name}: seasonSteps must be a whole number from 1, not ${seasonSteps}`);
  checkQuantiles(quantiles);
  return { horizonSteps, seasonSteps, quantiles, isDay: seasonSteps * stepSeconds === daySeconds };
}

function preparedOf(values: ArrayLike<number>, seasonSteps: number, name: string): Prepared {
  const fewest = Math.max(fewestValues, 2 * seasonSteps);
  if (values.length < fewest)
    throw new RangeError(
      `${name}: ${values.length} values are too few; give at least ${fewest}, two seasons of ${seasonSteps} steps`,
    );
  const prepared = prepare(values, seasonSteps);
  if (prepared.observedCount < seasonSteps)
    throw new RangeError(
      `${name}: ${prepared.observedCount} of ${values.length} values are present; give at least ${seasonSteps}, a season, that are finite and not below 0`,
    );
  return prepared;
}

function constant(value: number, horizonSteps: number, quantiles: readonly number[]): SeriesForecast {
  const path = () => new Float64Array(horizonSteps).fill(value);
  return { median: path(), quantiles: Object.fromEntries(quantiles.map((level) => [String(level), path()])) };
}
