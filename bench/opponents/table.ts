import { createFftReplay, createHoltWinters } from '../../src/what-if/models/index.ts';
import { augursMstl, augursProphet } from './augurs.ts';
import type { Opponent } from './contract.ts';
import { dailyNaive, persistence, sevenDayMean, weeklyNaive } from './naive.ts';
import { pythonOpponent } from './outside/python-opponent.ts';
import { rStlf } from './r-stlf.ts';
import { weekWindowMaximum } from './week-window-maximum.ts';

/** Every opponent, by its name in `--opponents`. */
export const opponents = {
  persistence,
  'daily-naive': dailyNaive,
  'weekly-naive': weeklyNaive,
  'seven-day-mean': sevenDayMean,
  'week-window-maximum': weekWindowMaximum,
  'fft-replay': { kind: 'streaming', title: 'FFT replay', create: createFftReplay },
  'holt-winters': { kind: 'streaming', title: 'Holt-Winters', create: createHoltWinters },
  'augurs-mstl': augursMstl,
  prophet: augursProphet,
  'r-stlf': rStlf,
  lightgbm: pythonOpponent('lightgbm', 'LightGBM (direct, log1p)'),
  'auto-ces': pythonOpponent('auto-ces', 'AutoCES (log1p)'),
  'dynamic-theta': pythonOpponent('dynamic-theta', 'DynamicOptimizedTheta (log1p)'),
  'mstl-ets': pythonOpponent('mstl-ets', 'MSTL+AutoETS (log1p, 10m and coarser)'),
} satisfies Record<string, Opponent>;

export function opponentNamed(name: string): Opponent | undefined {
  return Object.entries<Opponent>(opponents).find(([known]) => known === name)?.[1];
}
