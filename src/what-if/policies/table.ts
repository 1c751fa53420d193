import type { Policy } from './contract.ts';
import { cron } from './cron.ts';
import { fixed } from './fixed.ts';
import { forescale } from './forescale.ts';
import { naiveDay, naiveWeek, weekWindowMaximum } from './past-peak.ts';
import { perfect } from './perfect.ts';
import { kalman, lastValue } from './planner.ts';
import { reactive } from './reactive.ts';
import { fftReplay, fftReplayHour, holtWinters } from './streaming.ts';

/** Every policy, by its name in `--policy`. */
export const policies = {
  reactive,
  fixed,
  cron,
  'week-window-maximum': weekWindowMaximum,
  'naive-day': naiveDay,
  'naive-week': naiveWeek,
  'fft-replay': fftReplay,
  'fft-replay-hour': fftReplayHour,
  'holt-winters': holtWinters,
  'last-value': lastValue,
  kalman,
  forescale,
  perfect,
} satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;
