import { analog } from '../experts/analog.ts';
import { dampedLevel } from '../experts/damped-level.ts';
import type { ExpertContext, ExpertFactory } from '../experts/expert.ts';
import { longSeasonNaive, shortSeasonNaive } from '../experts/naive.ts';
import { profile } from '../experts/profile.ts';
import { gaugeAr, longSeasonLags, ridgeAr, twoLongSeasonsLags } from '../experts/ridge-ar.ts';
import { seasonalStateAr } from '../experts/seasonal-state-ar.ts';
import { slotMean } from '../experts/slot-mean.ts';
import { inLinear, inLog, inSqrt } from '../experts/spaces.ts';

const ofDay = (context: ExpertContext) => context.shortSeasonSteps;
const ofWeek = (context: ExpertContext) => context.longSeasonSteps;

/** Speaks after one season, always, and is what the others' errors are measured beside. */
export const referenceName = 'day-naive';

/**
 * The experts of a batch. Left out one at a time, none of them changes the error by more than 1.3 %; the best of them alone
 * has 12 % more than all together.
 */
export const candidates = {
  'day-naive': shortSeasonNaive,
  'week-naive': longSeasonNaive,
  'damped-level': dampedLevel,
  'day-mean': slotMean(ofDay, 1 / 7),
  'week-mean': slotMean(ofWeek, 1 / 8),
  'recent-week-mean': slotMean(ofWeek, 1 / 4),
  'fading-week-mean': slotMean(ofWeek, 0.4),
  profile: profile,
  analog: analog,
  'ridge-ar-two-weeks-log': ridgeAr(inLog, twoLongSeasonsLags),
  'linear-ar-week': ridgeAr(inLinear, longSeasonLags, 1e-4),
  'gauge-ar': gaugeAr(inLinear, twoLongSeasonsLags),
  'day-state-ar-linear': seasonalStateAr(inLinear, 'day'),
  'week-state-ar-sqrt': seasonalStateAr(inSqrt, 'week'),
  'week-state-ar-linear': seasonalStateAr(inLinear, 'week'),
} satisfies Record<string, ExpertFactory>;
