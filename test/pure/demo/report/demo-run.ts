import type { DemoRun } from '../../../../demo/report/summary.ts';
import { scenario } from '../../../../demo/scenario.ts';

/** A run of so many seconds that rejected requests in the reactive fleet alone. */
export function runOf(
  seconds: number,
  {
    eventLoopMaxMs = 31,
    loadAverage = 1.9,
    errors = [] as readonly string[],
    withheld = null as string | null,
  } = {},
): DemoRun {
  const samples = [0, seconds].map((t) => ({ t, replicas: 1, ready: 1, demand: 8, capacity: 10, shed: 0 }));
  const fleet = (name: string, shed: number) => ({
    name,
    replicas: { min: 1, max: 10, changes: 20 },
    requests: 11_236,
    shed,
    p95Ms: shed > 0 ? 987 : 39,
    podMinutes: shed > 0 ? 23.9 : 25.96,
    scaleUps: {
      ...{ total: 10, askedAhead: shed > 0 ? 0 : 8, aheadOfDemand: shed > 0 ? 0 : 7 },
      shortTimeShare: shed > 0 ? 0.201 : 0,
    },
  });
  return {
    summary: {
      polls: 1402,
      samplesScraped: 868_246,
      seasons: ['4m', '28m'],
      fleets: [fleet('forescale', 0), fleet('reactive', 148)],
      verdict: withheld === null ? 'reactive: 148 requests shed; Forescale: 0' : null,
      money: withheld === null ? 'At 0.05 per replica-hour: reactive 7.17, Forescale 7.79; 0.62 more.' : null,
      withheld,
      forecast: { status: 'ok', points: 240 },
      machine: { eventLoopP99Ms: 2, eventLoopMaxMs, loadAverage, cores: 2 },
      errors,
    },
    fleets: [{ name: 'forescale', samples }],
    shiftSeconds: 5 * scenario.daySeconds,
    pageUrl: 'http://127.0.0.1:8080/demo/',
  };
}
