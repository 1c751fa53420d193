import { list, number } from '../platform/setting-values.ts';
import { timeZone } from '../platform/time-zone.ts';
import type { FlagTable } from './flags.ts';
import { aboveZero } from './history-flags.ts';

/** A quantile's probability. */
export const quantile = number({ above: 0, below: 1, allowed: 'between 0 and 1, such as 0.95' });

/** Flags of the seasons a demand model follows. */
export const seasonFlags = {
  seasonsSeconds: {
    name: '--seasons',
    value: 'list',
    meaning: 'lengths of the seasons, such as 4m,28m',
    absent: '1d,7d',
    ...list(aboveZero),
  },
  timeZone: {
    value: 'name',
    meaning: 'IANA zone whose clocks days and weeks follow',
    absent: 'UTC',
    ...timeZone,
  },
} as const satisfies FlagTable;

/** Flags of what is asked of a demand model, the same for every command that makes one. */
export const modelFlags = {
  quantiles: {
    value: 'list',
    meaning: 'probabilities between 0 and 1',
    default: '0.5,0.9,0.95,0.99',
    ...list(quantile),
  },
  ...seasonFlags,
} as const satisfies FlagTable;
