import { type FlashSale, usualWeek } from '../load-shapes/index.ts';
import { moment } from '../platform/moment.ts';
import { type Kind, list, number, pairs, ratio, whole } from '../platform/setting-values.ts';
import type { Setting, SettingValues } from '../platform/settings.ts';

/** Usual distance of the rows of a made history. */
export const madeStepSeconds = 60;

/** Course of a flash sale: it rises within minutes, stays a quarter of an hour at its height, and decays in an hour or two. */
const saleCourse = { rampSeconds: 300, holdSeconds: 900, decaySeconds: 1800 } as const;

const flashSales: Kind<readonly FlashSale[]> = {
  allowed: `time=rate,time=rate, where a time is ${moment.allowed} and a rate is 0 or more`,
  parse(text) {
    const rate = number({ from: 0 });
    const entries = pairs.parse(text);
    if (entries === undefined) return undefined;
    const sales = Object.entries(entries).map(([at, extra]) => {
      const [atSeconds, extraRequestsPerSecond] = [moment.parse(at), rate.parse(extra)];
      return atSeconds === undefined || extraRequestsPerSecond === undefined
        ? undefined
        : { atSeconds, extraRequestsPerSecond, ...saleCourse };
    });
    return sales.every((sale) => sale !== undefined) ? sales : undefined;
  },
};

/** Settings of a made history. `value` is the name of a setting's value in `--help`. */
export const trafficSettings = {
  peakRequestsPerSecond: {
    name: '--peak',
    value: 'rate',
    meaning: 'highest rate, requests per second; of the last row where the rate grows',
    default: '100',
    ...number({ above: 0, allowed: 'a rate above 0' }),
  },
  baseRequestsPerSecond: {
    name: '--base',
    value: 'rate',
    meaning: 'rate in the dead of night',
    absent: 'a tenth of the peak',
    ...number({ from: 0, allowed: 'a rate from 0 to --peak' }),
  },
  weekendRatio: {
    name: '--weekend',
    value: 'ratio',
    meaning: 'how high a weekend rises, as a share of a weekday',
    default: String(usualWeek.weekendRatio),
    ...ratio({ from: 0 }),
  },
  noiseRatio: {
    name: '--noise',
    value: 'ratio',
    meaning: 'largest deviation that noise makes, as a share of the rate',
    default: String(usualWeek.noiseRatio),
    ...ratio({ from: 0, below: 1 }),
  },
  growthPerWeek: {
    name: '--growth',
    value: 'ratio',
    meaning: 'growth a week, such as 0.02',
    default: '0',
    ...ratio({ from: -0.5, to: 1, note: 'such as 0.02 for 2 % a week' }),
  },
  holidays: {
    name: '--holidays',
    value: 'list',
    meaning: 'days that are like a Sunday, UTC: 2026-12-25,2026-12-26',
    ...list(moment),
  },
  flashSales: {
    name: '--flash-sales',
    value: 'list',
    meaning: 'requests per second on top from a moment on: time=rate,time=rate',
    ...flashSales,
  },
  seed: { name: '--seed', value: 'number', meaning: 'chooses the noise', default: '1', ...whole({}) },
} as const satisfies Record<string, Setting<unknown> & { readonly value: string }>;

/** The values of the settings of a made history. */
export type MadeTraffic = SettingValues<typeof trafficSettings>;
