import { duration } from '../../src/platform/duration.ts';
import { whole } from '../../src/platform/setting-values.ts';

/** Flags of every command that measures many workloads; each gives its own defaults where none is here. */
export const shapes = {
  value: 'count',
  meaning: 'queries that differ in more than the label of the workload, at most',
  default: '100',
  ...whole({ from: 1 }),
} as const;

export const history = {
  value: 'duration',
  meaning: 'history that is learned at first',
  ...duration({ above: '0' }),
} as const;

export const startLimit = {
  value: 'duration',
  meaning: 'longest wait for all forecasts',
  ...duration({ above: '0' }),
} as const;
