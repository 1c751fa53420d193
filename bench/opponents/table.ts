import { augursMstl, augursProphet } from './augurs.ts';
import type { Opponent } from './contract.ts';
import { fftReplay } from './fft-replay.ts';
import { holtWinters } from './holt-winters.ts';
import { dailyNaive, persistence, sevenDayMean, weeklyNaive } from './naive.ts';
import { rStlf } from './r-stlf.ts';
import { weekWindowMaximum } from './week-window-maximum.ts';

/** Every opponent, by its name in `--opponents`. */
export const opponents = {
  persistence,
  'daily-naive': dailyNaive,
  'weekly-naive': weeklyNaive,
  'seven-day-mean': sevenDayMean,
  'week-window-maximum': weekWindowMaximum,
  'fft-replay': fftReplay,
  'holt-winters': holtWinters,
  'augurs-mstl': augursMstl,
  prophet: augursProphet,
  'r-stlf': rStlf,
} satisfies Record<string, Opponent>;

export function opponentNamed(name: string): Opponent | undefined {
  return Object.entries<Opponent>(opponents).find(([known]) => known === name)?.[1];
}
