import { analog } from './analog.ts';
import { dampedLevel } from './damped-level.ts';
import { deviationAr } from './deviation-ar.ts';
import type { ExpertFactory } from './expert.ts';
import { foundSeasons } from './found-seasons.ts';
import { longSeasonNaive, persistence, sevenDayMean, shortSeasonNaive } from './naive.ts';
import { profile } from './profile.ts';
import { seasonalStateAr } from './seasonal-state-ar.ts';
import { inSqrt } from './spaces.ts';
import { usualWeek } from './usual-week.ts';

/** Every expert, by the name that accuracy reports and metrics show. Adding one is a file and a line here. */
export const experts = {
  persistence: persistence,
  'damped-level': dampedLevel,
  'day-naive': shortSeasonNaive,
  'week-naive': longSeasonNaive,
  'seven-day-mean': sevenDayMean,
  'usual-week': usualWeek,
  profile: profile,
  analog: analog,
  'day-deviation-ar': deviationAr((context) => context.shortSeasonSteps),
  'week-deviation-ar': deviationAr((context) => context.longSeasonSteps),
  'day-state-ar': seasonalStateAr(inSqrt, 'day'),
  'week-state-ar': seasonalStateAr(inSqrt, 'week'),
  'found-seasons': foundSeasons,
} satisfies Record<string, ExpertFactory>;

/** The experts that repeat a day or a week as it was: they have no weight where the history shows no season. */
const seasonRepeaters: ReadonlySet<string> = new Set<keyof typeof experts>([
  'day-naive',
  'week-naive',
  'seven-day-mean',
  'usual-week',
  'day-deviation-ar',
  'week-deviation-ar',
]);

/** The seasonal naive that accuracy compares the combination with. */
const seasonalNaiveName: keyof typeof experts = 'day-naive';

/** The names in the order in which the ensemble numbers its experts. */
export const expertNames: readonly string[] = Object.keys(experts);
/** Whether an expert repeats a season, by its number. */
export const repeatsSeason: readonly boolean[] = expertNames.map((name) => seasonRepeaters.has(name));
/** The number of the seasonal naive. */
export const seasonalNaiveIndex = expertNames.indexOf(seasonalNaiveName);
/** The expert that costs least of those that know the time of day, by its number. */
export const roughExpertIndex = expertNames.indexOf('profile' satisfies keyof typeof experts);
