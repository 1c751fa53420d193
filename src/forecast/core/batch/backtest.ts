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
/** Days before which experts know too little for anything to be learned from their paths. */
const firstLessonSeasons = 15;
/** Earlier origins that teach what series have in common, at most. */
const mostLessons = 28;
/** A season of fewer steps than this counts as so many, so that the span holds enough origins. */
const fewestSpanSteps = 24;

/** The paths of `horizonSteps` values that every expert predicted at past origins and predicts now. */
export interface Backtest {
  readonly horizonSteps: number;
  /** Number of values that were known at each origin, rising; the last origin is now. */
  readonly origins: readonly number[];
  /** Number of origins before those by which experts are scored: they only teach what many series have in common. */
  readonly lessons: number;
  /** Paths by expert, then origin; undefined where the expert could not predict every step of the path. */
  readonly paths: readonly (readonly (Float64Array | undefined)[])[];
}

/**
 * Runs the experts over the series once, in order, so that a path depends on the values before its origin alone. `forLessons` adds earlier
 * origins, and changes nothing at the others.
 */
export function runBacktest(
  prepared: Prepared,
  seasons: { readonly shortSteps: number; readonly longSteps: number },
  horizonSteps: number,
  factories: readonly ExpertFactory[],
  scratch: Scratch,
  forLessons = false,
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
  const scored = originsOf(values.length, seasons.shortSteps);
  const earlier = forLessons ? lessonsBefore(scored, seasons.shortSteps) : [];
  const origins = [...earlier, ...scored];
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
  return { horizonSteps, origins, lessons: earlier.length, paths };
}

/** A backtest of the origins by which experts are scored. */
export function withoutLessons(backtest: Backtest): Backtest {
  const { horizonSteps, origins, lessons, paths } = backtest;
  if (lessons === 0) return backtest;
  const later = paths.map((ofExpert) => ofExpert.slice(lessons));
  return { horizonSteps, origins: origins.slice(lessons), lessons: 0, paths: later };
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

/** Origins before those that are scored, at their distance. */
function lessonsBefore(scored: readonly number[], season: number): number[] {
  const [first, second, third] = scored;
  // The last origin is now, at another distance.
  if (third === undefined) return [];
  const distance = second! - first!;
  const lessons: number[] = [];
  for (let i = 1; i <= mostLessons && first! - i * distance >= firstLessonSeasons * season; i++)
    lessons.unshift(first! - i * distance);
  return lessons;
}
