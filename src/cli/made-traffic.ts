import type { FlashSale } from '../load-shapes/index.ts';
import type { FlagValues } from './flag-values.ts';

/** What a made history is like; what is undefined is as the load shapes have it. */
export interface MadeTraffic {
  /** As of the last row: where it grows, the peaks before were lower. */
  readonly peakRequestsPerSecond: number;
  readonly baseRequestsPerSecond?: number;
  readonly weekendRatio?: number;
  readonly noiseRatio?: number;
  readonly seed: number;
  readonly growthPerWeek: number;
  /** A moment of each. */
  readonly holidays: readonly number[];
  readonly flashSales: readonly FlashSale[];
}

export interface TrafficFlags {
  readonly peak?: string;
  readonly base?: string;
  readonly weekend?: string;
  readonly noise?: string;
  readonly growth?: string;
  readonly holidays?: string;
  readonly flashSales?: string;
  readonly seed?: string;
}

/** A flash sale as news makes it: up within minutes, a quarter of an hour at its height, gone in an hour or two. */
const saleCourse = { rampSeconds: 300, holdSeconds: 900, decaySeconds: 1800 } as const;

/** The traffic that the flags of a made history describe; what is wrong with them is in `values`. */
export function readMadeTraffic(flags: TrafficFlags, values: FlagValues): MadeTraffic {
  const { peak = '100', seed = '1', growth = '0', base, weekend, noise, holidays, flashSales } = flags;
  const peakRequestsPerSecond = values.number('--peak', peak, (value) => value > 0, 'a rate above 0');
  const belowPeak = (value: number) => value >= 0 && !(value > peakRequestsPerSecond);
  return {
    peakRequestsPerSecond,
    ...(base === undefined
      ? {}
      : { baseRequestsPerSecond: values.number('--base', base, belowPeak, 'a rate from 0 to --peak') }),
    ...(weekend === undefined
      ? {}
      : { weekendRatio: values.number('--weekend', weekend, (value) => value >= 0, 'a ratio, 0 or more') }),
    ...(noise === undefined
      ? {}
      : {
          noiseRatio: values.number(
            '--noise',
            noise,
            (value) => value >= 0 && value < 1,
            'a ratio from 0 to less than 1',
          ),
        }),
    growthPerWeek: values.number(
      '--growth',
      growth,
      (value) => value >= -0.5 && value <= 1,
      'a ratio from -0.5 to 1, such as 0.02 for 2 % a week',
    ),
    holidays: holidays === undefined ? [] : values.list('--holidays', holidays, values.moment),
    flashSales: Object.entries(values.pairs('--flash-sales', flashSales ?? '')).map(([moment, rate]) => ({
      atSeconds: values.moment('--flash-sales', moment),
      extraRequestsPerSecond: values.number(
        '--flash-sales',
        rate,
        (value) => value >= 0,
        'a rate, 0 or more',
      ),
      ...saleCourse,
    })),
    seed: values.number('--seed', seed, Number.isSafeInteger, 'a whole number'),
  };
}
