import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import type {
  ExpertShare,
  ExplainRequest,
  ExplainResult,
  Explanation,
  ForecastComponent,
  HorizonAccuracy,
} from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import type { ToldEvent } from '../events/event-effects.ts';
import { type ExplainedMoment, explainedMoment } from './explained-moment.ts';
import { forecastFrom, seasonsSecondsOf } from './forecast.ts';
import { highestWithin, peakFrom } from './peak.ts';
import type { UsualSeasons } from './usual-demand.ts';

/** Experts with a smaller weight are not named. */
const leastNamedWeight = 0.01;

/** A value that was served and is to be explained, `horizonSteps` grid steps ahead; of a peak with its window. */
type Served = Pick<Explanation, 'origin' | 'quantile' | 'value'> &
  Partial<Pick<Explanation, 'windowSeconds'>> & { readonly horizonSteps: number };

/** Explains what `forecast` or `peak` serves. Throws a RangeError for a request that cannot be answered. */
export function explainFrom(engine: Engine, request: ExplainRequest): ExplainResult {
  const { quantile = 0.99 } = request;
  const key = String(quantile);
  if ('windowSeconds' in request) {
    const { windowSeconds, leadSeconds = 0 } = request;
    const peak = peakFrom(engine, { windowSeconds, leadSeconds, quantiles: [0.5, quantile] });
    if (peak.status === 'learning') return peak;
    const { origin } = peak;
    const { step: horizonSteps } = highestWithin(engine, windowSeconds, leadSeconds);
    const value = peak.quantiles[key]!;
    return explain(engine, { origin, horizonSteps, quantile, value, windowSeconds });
  }
  const { horizonSteps } = request;
  // With the levels that are served by default, because a bound is never below that of a lower level.
  const quantiles = [...new Set([...defaultQuantiles, quantile])];
  const forecast = forecastFrom(engine, { horizonSteps, quantiles });
  if (forecast.status === 'learning') return forecast;
  const value = forecast.quantiles[key]![horizonSteps - 1]!;
  return explain(engine, { origin: forecast.origin, horizonSteps, quantile, value });
}

/**
 * Takes a served value apart. What is usual is a mean of demand over ever more of the clock: over all moments (level), over
 * those of the same time of day, over those of the same time of the week; day and week are the differences from one to the
 * next, each of mean zero over its season. What the forecast adds to the usual is the deviation, what the bound adds to the
 * forecast is the safety margin. Differences in a row add up to the value, whatever the experts did.
 */
function explain(engine: Engine, served: Served): Explanation {
  const { lengths, unit, originSeconds, observed, inputs } = engine;
  const { horizonSteps: h, value } = served;
  const moment = explainedMoment(engine, h);
  return {
    status: 'ok',
    origin: served.origin,
    atSeconds: originSeconds + h * lengths.gridSeconds,
    windowSeconds: served.windowSeconds,
    quantile: served.quantile,
    value,
    median: moment.median * unit,
    components: componentsOf(engine, moment, value),
    newest: observed.at(0, inputs.rootAt(0)) * unit,
    usualOfNewest: moment.usualOfNewest.week * unit,
    experts: namedExperts(moment.weights),
    seasonsSeconds: seasonsSecondsOf(engine),
    accuracy: nearestAccuracy(engine, h),
  };
}

function componentsOf(
  { lengths, unit }: Engine,
  moment: ExplainedMoment,
  value: number,
): ForecastComponent[] {
  const { usual, seasons } = moment;
  const median = moment.median * unit;
  const ordinary = moment.ordinary * unit;
  const shared = moment.shared * unit;
  const shortSeconds = lengths.shortSteps * lengths.gridSeconds;
  const longSeconds = lengths.longSteps * lengths.gridSeconds;
  const meanings = meaningsOf(seasons, shortSeconds, longSeconds);
  return [
    { name: 'level', value: usual.level * unit, meaning: meanings.level },
    { name: 'day', value: (usual.day - usual.level) * unit, meaning: meanings.day },
    { name: 'week', value: (usual.week - usual.day) * unit, meaning: meanings.week },
    { name: 'deviation', value: ordinary - shared - usual.week * unit, meaning: meanings.deviation },
    { name: 'shared', value: shared, meaning: meaningOfShared(shared) },
    { name: 'event', value: median - ordinary, meaning: meaningOfEvents(moment.events) },
    {
      name: 'safetyMargin',
      value: value - median,
      meaning: 'what the bound adds to the median, by how far past forecasts were off',
    },
  ];
}

function meaningsOf(seasons: UsualSeasons, shortSeconds: number, longSeconds: number) {
  const { hasDay, hasWeek } = seasons;
  const day = seasonName(shortSeconds);
  const week = seasonName(longSeconds);
  const absent = (isFound: boolean, season: string) =>
    isFound
      ? `nothing: not every moment of a ${season} has been seen yet`
      : `nothing: the history shows no season of a ${season}`;
  const noWeek = longSeconds > 0 ? absent(seasons.isWeekFound, week) : 'nothing: there is no longer season';
  return {
    level: `typical demand: the mean of what is usual over a ${hasWeek ? week : day}`,
    day: hasDay ? `what the moment of the ${day} adds` : absent(seasons.isDayFound, day),
    week: hasWeek ? `what the moment of the ${week} adds to that` : noWeek,
    deviation: `what the forecast adds to what is usual then, because of how demand is now${seasons.isOtherFound ? ' and of the other seasons' : ''}`,
  };
}

function meaningOfShared(shared: number): string {
  return shared === 0
    ? 'nothing: what series have in common counts from a quarter of a day on, where it has proved right here'
    : 'what series of many kinds have in common adds, by how such forecasts so far ahead were mostly off';
}

function meaningOfEvents(events: readonly ToldEvent[] | undefined): string {
  if (events === undefined) return 'nothing: no calendar of events is known';
  if (events.length === 0) return 'nothing: the calendar has no event then';
  return `what the calendar adds: ${events.map(eventWords).join(', ')}`;
}

/** An event, how many times demand is that of an ordinary day, and how that is known. */
function eventWords({ name, type, ratio, occurrences }: ToldEvent): string {
  if (type === 'ignored') return `${name} (nothing is learned from that time)`;
  const times = `${Number(ratio.toPrecision(3))} × an ordinary day`;
  if (type === 'given') return `${name} (${times}, as given)`;
  return occurrences === 0
    ? `${name} (${times}, before there was one to learn from)`
    : `${name} (${times}, learned from ${occurrences})`;
}

function seasonName(seconds: number): string {
  if (seconds === 86_400) return 'day';
  return seconds === 604_800 ? 'week' : `season of ${seconds} s`;
}

/** The experts that are worth naming, highest weight first. */
function namedExperts(weights: readonly ExpertShare[]): ExpertShare[] {
  return weights.filter(({ weight }) => weight >= leastNamedWeight).sort((a, b) => b.weight - a.weight);
}

/** The accuracy at the scored horizon whose length is nearest, by ratio; undefined before any forecast has come due. */
function nearestAccuracy(
  { horizons, lengths: { gridSeconds } }: Engine,
  h: number,
): HorizonAccuracy | undefined {
  let nearest: Engine['horizons'][number] | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const horizon of horizons) {
    const seconds = horizon.horizonSteps * gridSeconds;
    const distance = Math.abs(Math.log(seconds / (h * gridSeconds)));
    if (horizon.maturedCount === 0 || distance >= least) continue;
    nearest = horizon;
    least = distance;
  }
  return nearest?.accuracy(gridSeconds);
}
