import type { Faults } from './fault-schemas.ts';

/** Faults that are often wanted together, by name. */
export const faultPresets = {
  slow: {
    meaning: 'everything takes its time: a median of 400 ms, a p99 of 1.6 s',
    faults: { latency: 'lognormal:400,0.6' },
  },
  'slow-tail': {
    meaning: 'most requests are fast, one in a hundred takes two seconds or more',
    faults: { latency: 'quantiles:20/200/2000' },
  },
  flaky: {
    meaning: 'one request in ten fails with 500',
    faults: { errors: { percent: 10, kinds: '500' } },
  },
  outage: {
    meaning: 'every request fails with 503',
    faults: { errors: { percent: 100, kinds: '503' } },
  },
  network: {
    meaning: 'one request in twenty is cut off or comes two seconds late',
    faults: { errors: { percent: 5, kinds: 'drop,delay', delayMs: 2000 } },
  },
  'cpu-hungry': {
    meaning: 'each request uses 20 ms of CPU: a core is busy with 50 requests per second',
    faults: { cpuMs: 20 },
  },
  'memory-hungry': {
    meaning: 'each request holds 16 MiB for half a second',
    faults: { memoryMib: 16, latency: 'fixed:500' },
  },
  'brown-out': {
    meaning: 'half of the capacity is gone',
    faults: { capacityRatio: 0.5 },
  },
} as const satisfies Record<string, { meaning: string; faults: Faults }>;

export const presetNames = Object.keys(faultPresets) as (keyof typeof faultPresets)[];
