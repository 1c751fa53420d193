import { weekdays } from '../../../loadtests/lib/week.ts';
import { createTraffic, type LoadShape } from '../../../src/load-shapes/index.ts';

/**
 * The compressed week that is played in the real cluster. A day passes in four minutes and a replica starts within seconds; the
 * images, the kubelet, KEDA and the autoscaler are what they are. docs/kubernetes.md says what is compressed.
 */
export const scenario = {
  daySeconds: 240,
  historyDays: 14,
  startDay: 'tuesday',
  startHour: 0,
  /** End of the part that CI plays: the morning ramp is over, and the load is level. */
  coreUntilHour: 13,
  /** Simulated days of the whole run. */
  days: 1.5,
  peakRequestsPerSecond: 60,
  seed: 1,
  targetRequestsPerSecond: 10,
  capacityRequestsPerSecond: 15,
  minReplicas: 1,
  maxReplicas: 10,
  /** What a replica does between its start and its readiness. */
  readyDelaySeconds: 8,
  warmUpSeconds: 2,
  scrapeSeconds: 1,
  rateWindowSeconds: 8,
  refreshSeconds: 1,
  kedaPollingSeconds: 2,
  hpaSyncSeconds: 5,
  scaleDownStabilizationSeconds: 20,
  /** Lead time that Forescale takes until it has learned that of the cluster. */
  leadTimeSeconds: 15,
} as const;

/** Moment in the shape of the load at which the load begins. Unix 0, and so day 0 of the shape, is a Thursday. */
const shapeStartSeconds =
  (weekdays.indexOf(scenario.startDay) + scenario.startHour / 24) * scenario.daySeconds;

/** Wanted requests per second by seconds since the load began, and before: what k6 sends each of the two fleets. */
export function createDemand(): LoadShape {
  const traffic = createTraffic({
    peakRequestsPerSecond: scenario.peakRequestsPerSecond,
    daySeconds: scenario.daySeconds,
    seed: scenario.seed,
    growth: { ratioPerWeek: 0, fromSeconds: 0 },
  });
  return (seconds) => traffic(shapeStartSeconds + seconds);
}

/** Seconds since the load began at an hour of its first day; hours above 24 are of the days after it. */
export function secondsAtHour(hour: number): number {
  return ((hour - scenario.startHour) / 24) * scenario.daySeconds;
}

/** Settings of k6's script `realistic` that make it send the demand. */
export const loadSettings: Readonly<Record<string, string>> = {
  LOAD_PEAK_RPS: String(scenario.peakRequestsPerSecond),
  LOAD_WEEK_SECONDS: String(7 * scenario.daySeconds),
  LOAD_DAYS: String(scenario.days),
  LOAD_START_DAY: scenario.startDay,
  LOAD_START_HOUR: String(scenario.startHour),
  LOAD_SEED: String(scenario.seed),
};
