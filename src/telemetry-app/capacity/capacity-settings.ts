import { parseNumber, parseWhole, type Setting } from '../setting.ts';

/** How much one replica can do, and how long it needs until it can. */
export const capacitySettings = {
  capacityRps: {
    variable: 'APP_CAPACITY_RPS',
    meaning:
      'requests per second this replica can serve: they get their turn one after the other at this pace, and wait in a queue until then; when it is not set there is no limit',
    allowed: 'a number of requests per second from 0.1 to 100000',
    parse: (text: string) => parseNumber(text, 0.1, 100_000),
  },
  capacityConcurrency: {
    variable: 'APP_CAPACITY_CONCURRENCY',
    meaning:
      'requests this replica serves at once, the others wait in the queue; when it is not set there is no limit',
    allowed: 'a whole number from 1 to 100000',
    parse: (text: string) => parseWhole(text, 1, 100_000),
  },
  queueLimit: {
    variable: 'APP_QUEUE_LIMIT',
    meaning:
      'requests that may wait for their turn, more are shed with 503; when it is not set, as many as APP_CAPACITY_RPS serves in a second, else ten times APP_CAPACITY_CONCURRENCY',
    allowed: 'a whole number from 0 to 100000',
    parse: (text: string) => parseWhole(text, 0, 100_000),
  },
  queueTimeoutMs: {
    variable: 'APP_QUEUE_TIMEOUT_MS',
    meaning: 'longest wait in the queue in milliseconds; a request that waited so long is shed with 503',
    allowed: 'a whole number of milliseconds from 1 to 600000',
    default: '2000',
    parse: (text: string) => parseWhole(text, 1, 600_000),
  },
  readyDelaySeconds: {
    variable: 'APP_READY_DELAY_SECONDS',
    meaning:
      'slow start: for so long after the start /readyz answers 503, and so does whatever is asked but probes and metrics',
    allowed: 'a number of seconds from 0 to 3600',
    default: '0',
    parse: (text: string) => parseNumber(text, 0, 3600),
  },
  warmUpSeconds: {
    variable: 'APP_WARM_UP_SECONDS',
    meaning:
      'slow start: time from being ready to full capacity, which grows in a straight line from APP_WARM_UP_FACTOR of it',
    allowed: 'a number of seconds from 0 to 3600',
    default: '0',
    parse: (text: string) => parseNumber(text, 0, 3600),
  },
  warmUpFactor: {
    variable: 'APP_WARM_UP_FACTOR',
    meaning: 'share of its capacity a replica has when it has just become ready, with APP_WARM_UP_SECONDS',
    allowed: 'a number from 0.01 to 1',
    default: '0.3',
    parse: (text: string) => parseNumber(text, 0.01, 1),
  },
} as const satisfies Record<string, Setting<unknown>>;
