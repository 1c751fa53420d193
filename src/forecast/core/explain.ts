import { expertNames } from './combination/ensemble.ts';
import { between } from './combination/interpolation.ts';
import type { ExpertShare, Explanation, ForecastComponent } from './contract.ts';
import type { Engine } from './engine.ts';
import type { SlotMeans } from './memory/slot-means.ts';

/** An expert with less say than this is not worth naming. */
const leastNamedWeight = 0.01;

/** What has been served, and is to be explained. */
interface Served {
  /** Unix seconds of what it was made from. */
  readonly origin: number;
  /** Grid steps ahead of the moment that is explained. */
  readonly horizonSteps: number;
  /** Of a peak. */
  readonly windowSeconds?: number | undefined;
  readonly trust?: number | undefined;
  readonly quantile: number;
  /** Demand. */
  readonly value: number;
}

/**
 * A served value taken apart. What is usual is a mean of demand over ever more of the clock: over all moments (level), over
 * those of the same time of day, over those of the same time of the week; day and week are the differences from one to the
 * next, each of mean zero over its season. What the forecast adds to the usual is deviation, what the bound adds to the
 * forecast is the safety margin. Differences in a row cannot but add up to the value, whatever the experts did.
 */
export function explain(engine: Engine, served: Served): Explanation {
  const { lengths, unit, inputs, ensemble, originSeconds, foundSteps, observed } = engine;
  const { horizonSteps: h, value } = served;
  const usual = usualOf(engine);
  // Where clocks are changed until then, its moment is another one.
  const ahead = usual.at(inputs.step + (inputs.ahead?.[h - 1] ?? h));
  const median = ensemble.combinedAt(h) * unit;
  const components: ForecastComponent[] = [
    { name: 'level', value: ahead.level * unit, meaning: usual.meanings.level },
    { name: 'day', value: (ahead.day - ahead.level) * unit, meaning: usual.meanings.day },
    { name: 'week', value: (ahead.week - ahead.day) * unit, meaning: usual.meanings.week },
    {
      name: 'deviation',
      value: median - ahead.week * unit,
      meaning: usual.meanings.deviation,
    },
    { name: 'event', value: 0, meaning: 'nothing: no calendar of events is known' },
    {
      name: 'safetyMargin',
      value: value - median,
      meaning: 'what the bound adds to the median, by how far past forecasts were off',
    },
  ];
  return {
    status: 'ok',
    origin: served.origin,
    atSeconds: originSeconds + h * lengths.gridSeconds,
    windowSeconds: served.windowSeconds,
    quantile: served.quantile,
    value,
    median,
    components,
    newest: observed.at(0) * unit,
    usualOfNewest: usual.at(inputs.step).week * unit,
    experts: expertShares(engine, h),
    seasonsSeconds: foundSteps.map((steps) => Math.round(steps * lengths.gridSeconds)),
    accuracy: nearestAccuracy(engine, h),
    trust: served.trust,
  };
}

interface Usual {
  /** What is usual at a step, counted from the first: over all moments, the moment of the day, the moment of the week. */
  at(step: number): { readonly level: number; readonly day: number; readonly week: number };
  readonly meanings: Readonly<Record<'level' | 'day' | 'week' | 'deviation', string>>;
}

/** A season that the history does not show, or of which not every moment has been seen, adds nothing. */
function usualOf({ lengths, inputs, foundSteps }: Engine): Usual {
  const { usualDay, usualWeek } = inputs.context;
  const { shortSteps, longSteps, gridSeconds } = lengths;
  const day = seasonName(shortSteps * gridSeconds);
  const week = seasonName(longSteps * gridSeconds);
  const isOfDay = (steps: number) => shortSteps % steps === 0;
  const isOfWeek = (steps: number) => longSteps > 0 && longSteps % steps === 0;
  const isDayFound = foundSteps.some(isOfDay);
  const isWeekFound = foundSteps.some((steps) => isOfWeek(steps) && !isOfDay(steps));
  const isOtherFound = foundSteps.some((steps) => !isOfWeek(steps) && !isOfDay(steps));
  const hasDay = isDayFound && usualDay.isFull;
  const hasWeek = isWeekFound && usualWeek.isFull;
  const widest = hasWeek ? usualWeek : usualDay;
  const level = meanOf(widest, 0, 1);
  // Means of the last days hold more of yesterday's weekend than of Wednesday, so those of the week come first.
  const ofDay =
    hasWeek && longSteps % shortSteps === 0
      ? (step: number) => meanOf(usualWeek, step % shortSteps, shortSteps)
      : (step: number) => demandAt(usualDay, step);
  const absent = (isFound: boolean, season: string) =>
    isFound
      ? `nothing: not every moment of a ${season} has been seen yet`
      : `nothing: the history shows no season of a ${season}`;
  const noWeek = longSteps > 0 ? absent(isWeekFound, week) : 'nothing: there is no longer season';
  return {
    at(step) {
      const atDay = hasDay ? ofDay(step) : level;
      return { level, day: atDay, week: hasWeek ? demandAt(usualWeek, step) : atDay };
    },
    meanings: {
      level: `typical demand: the mean of what is usual over a ${hasWeek ? week : day}`,
      day: hasDay ? `what the moment of the ${day} adds` : absent(isDayFound, day),
      week: hasWeek ? `what the moment of the ${week} adds to that` : noWeek,
      deviation: `what the forecast adds to what is usual then, because of how demand is now${isOtherFound ? ' and of the other seasons' : ''}`,
    },
  };
}

function seasonName(seconds: number): string {
  if (seconds === 86_400) return 'day';
  return seconds === 604_800 ? 'week' : `season of ${seconds} s`;
}

/** Demand that is usual at a step; slot means are of square roots. */
function demandAt(means: SlotMeans, step: number): number {
  return means.at(step) ** 2;
}

/** Mean demand over the moments seen, from `first`, every `every` steps; 0 when none has been. */
function meanOf(means: SlotMeans, first: number, every: number): number {
  let sum = 0;
  let count = 0;
  for (let slot = first; slot < means.seasonSteps; slot += every) {
    const root = means.ofSlot(slot);
    if (Number.isNaN(root)) continue;
    sum += root * root;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

/** As they are mixed at that horizon, most say first. */
function expertShares({ anchors }: Engine, h: number): ExpertShare[] {
  const { below, above, share } = between(anchors, h, (anchor) => anchor.horizonSteps);
  return expertNames
    .map((name, e) => ({
      name,
      weight: (1 - share) * below.weights.of(e) + share * above.weights.of(e),
    }))
    .filter(({ weight }) => weight >= leastNamedWeight)
    .sort((a, b) => b.weight - a.weight);
}

function nearestAccuracy({ anchors, lengths }: Engine, h: number) {
  const reports = anchors.map((anchor) => anchor.accuracy(expertNames, lengths.gridSeconds));
  const distance = (seconds: number) => Math.abs(Math.log(seconds / (h * lengths.gridSeconds)));
  return reports
    .filter(({ count }) => count > 0)
    .sort((a, b) => distance(a.horizonSeconds) - distance(b.horizonSeconds))[0];
}
