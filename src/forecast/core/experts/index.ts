import { dampedLevel } from './damped-level.ts';
import type { ExpertFactory } from './expert.ts';
import { longSeasonNaive, persistence, sevenDayMean, shortSeasonNaive } from './naive.ts';
import { profile } from './profile.ts';
import {
  logSpace,
  longSeasonLags,
  ridgeAr,
  shortSeasonLags,
  sqrtSpace,
  twoLongSeasonsLags,
} from './ridge-ar.ts';

/** Every expert, by the name accuracy reports and metrics show. Adding one is a file and a line. */
export const experts = {
  persistence: persistence,
  'damped-level': dampedLevel,
  'day-naive': shortSeasonNaive,
  'week-naive': longSeasonNaive,
  'seven-day-mean': sevenDayMean,
  profile: profile,
  'ridge-ar-day-log': ridgeAr(logSpace, shortSeasonLags),
  'ridge-ar-week-log': ridgeAr(logSpace, longSeasonLags),
  'ridge-ar-week-sqrt': ridgeAr(sqrtSpace, longSeasonLags),
  'ridge-ar-two-weeks-log': ridgeAr(logSpace, twoLongSeasonsLags),
  'ridge-ar-two-weeks-sqrt': ridgeAr(sqrtSpace, twoLongSeasonsLags),
} satisfies Record<string, ExpertFactory>;

/** The expert that others are measured beside. */
export const seasonalNaiveName: keyof typeof experts = 'day-naive';
