import { number, whole } from '../../platform/setting-values.ts';
import type { SettingTable } from '../../platform/settings.ts';

/** How much one replica can do, and how long it needs until it can. */
export const capacitySettings = {
  capacityRps: {
    meaning:
      'requests per second this replica can serve: they get their turn one after the other at this rate and wait in a queue until then; without it there is no such limit',
    ...number({ from: 0.1, to: 100_000, unit: 'requests per second' }),
  },
  capacityConcurrency: {
    meaning:
      'requests this replica serves at once; the others wait in the queue; without it there is no such limit',
    ...whole({ from: 1, to: 100_000 }),
  },
  queueLimit: {
    meaning:
      'requests that may wait for their turn; more are rejected with 503; without it, as many as APP_CAPACITY_RPS serves in a second, else ten times APP_CAPACITY_CONCURRENCY',
    ...whole({ from: 0, to: 100_000 }),
  },
  queueTimeoutMs: {
    meaning:
      'longest wait in the queue in milliseconds; a request that has waited so long is rejected with 503',
    default: '2000',
    ...whole({ from: 1, to: 600_000, unit: 'milliseconds' }),
  },
  readyDelaySeconds: {
    meaning:
      'slow start: for this long after the start, /readyz and every request for work are answered with 503; probes and metrics work',
    default: '0',
    ...number({ from: 0, to: 3600, unit: 'seconds' }),
  },
  warmUpSeconds: {
    meaning:
      'slow start: time from being ready to full capacity, which grows in a straight line from APP_WARM_UP_FACTOR of it',
    default: '0',
    ...number({ from: 0, to: 3600, unit: 'seconds' }),
  },
  warmUpFactor: {
    meaning: 'share of its capacity that a replica has when it becomes ready, with APP_WARM_UP_SECONDS',
    default: '0.3',
    ...number({ from: 0.01, to: 1 }),
  },
} as const satisfies SettingTable;
