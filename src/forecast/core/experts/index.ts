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

/** Every expert, by the name accuracy reports and metrics show. Adding one is a file and a line. */
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

/** Those that repeat a day or a week as it was: they are not heard where there is neither. */
export const repeaters: ReadonlySet<string> = new Set<keyof typeof experts>([
  'day-naive',
  'week-naive',
  'seven-day-mean',
  'usual-week',
  'day-deviation-ar',
  'week-deviation-ar',
]);

/** The expert that others are measured beside. */
export const seasonalNaiveName: keyof typeof experts = 'day-naive';
