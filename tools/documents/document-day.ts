import { createVirtualFleet, type HpaBehavior, kedaValue } from '../../src/controllers/index.ts';
import { createDemandModel, type DemandModel } from '../../src/forecast/demand-model.ts';
import type { HistorySource } from '../../src/history/source.ts';
import type { LoadShape } from '../../src/load-shapes/index.ts';
import { silentLogger } from '../../src/platform/log.ts';
import { toMetricValue } from '../../src/scaler/grpc/metric-wire.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { createWorkload, type Workload } from '../../src/scaler/workload.ts';
import { readTiming, workloadDefaults } from '../../src/server/timing.ts';
import { createTraffic, meanTraffic, sliceSeconds } from './made-traffic.ts';

/** One minute of the simulated day. */
export interface DayMinute {
  /** Minutes since midnight. */
  readonly minute: number;
  /** Mean requests per second that arrived in the minute. */
  readonly demand: number;
  /** The signal that KEDA got at the end of the minute. */
  readonly signal: number;
  /** Replicas that were ready at the start of the minute, by fleet. */
  readonly replicas: Readonly<Record<Fleet, number>>;
}

/**
 * Names of three fleets that get the same load: `forescale` follows the signal, `reactive` the observed demand, and `cautious`
 * the observed demand with a lower target, so that it uses about the replica hours of the first.
 */
export type Fleet = 'forescale' | 'reactive' | 'cautious';

/** Wednesday 2026-03-04, 00:00 UTC. */
const midnight = 1_772_582_400;
const timing = readTiming();
const daySeconds = 86_400;
const historyDays = 21;
const tickSeconds = 5;
const rateWindowSeconds = 120;

/** Settings of the simulated day, as a ScaledObject would have them. */
export const scene = {
  seed: 1,
  peakRequestsPerSecond: 120,
  targetRequestsPerSecond: 10,
  cautiousTargetRequestsPerSecond: 9,
  startUpSeconds: 300,
  maxReplicas: 30,
} as const;

const metadata = {
  query: 'sum(rate(http_requests_total[2m]))',
  threshold: String(scene.targetRequestsPerSecond),
  leadTime: `${scene.startUpSeconds}s`,
};

/**
 * Simulates a working day after three weeks of history, in virtual time. The demand model, the policy and the HPA's rules are
 * those of production; only Prometheus, the clock and the pods are replaced. Every run gives the same result.
 */
export async function simulateDay(): Promise<readonly DayMinute[]> {
  let now = midnight - 1;
  const clock = () => now;
  const trafficAt = createTraffic(scene);
  const model = openModel(virtualPrometheus(trafficAt), clock);
  const { workload, decide } = openWorkload(model, clock);
  const { signal } = new AbortController();
  await model.refreshHistory(now, signal);

  const { targetRequestsPerSecond, cautiousTargetRequestsPerSecond } = scene;
  // docs/configuration.md recommends this scale-down beside a forecast; the other two fleets have the HPA's defaults.
  const forescale = createFleet(targetRequestsPerSecond, { scaleDown: { stabilizationWindowSeconds: 60 } });
  const reactive = createFleet(targetRequestsPerSecond, {});
  const cautious = createFleet(cautiousTargetRequestsPerSecond, {});
  const minutes: DayMinute[] = [];
  // The fleets run from a quarter of an hour before midnight, so that their size at midnight is no accident of the start.
  for (now = midnight - 900; now < midnight + daySeconds; now += tickSeconds) {
    if (now % timing.refreshInterval === tickSeconds) {
      await model.refreshObserved(now - tickSeconds, signal);
      if (now % 60 === tickSeconds) await model.refreshHistory(now, signal);
      decide();
    }
    if (now % timing.hpaSyncInterval === 0) {
      const observed = model.observed()?.value ?? 0;
      forescale.sync(now, workload.decision()?.signal ?? observed);
      reactive.sync(now, observed);
      cautious.sync(now, observed);
    }
    if (now >= midnight && now % 60 === 0) {
      minutes.push({
        minute: (now - midnight) / 60,
        demand: meanTraffic(trafficAt, now, now + 60),
        signal: workload.decision()?.signal ?? 0,
        replicas: {
          forescale: forescale.ready(now),
          reactive: reactive.ready(now),
          cautious: cautious.ready(now),
        },
      });
    }
  }
  return minutes;
}

/** The results of the day for one fleet. */
export interface FleetVerdict {
  /** Minutes in which demand was above what the ready replicas carried. */
  readonly shortMinutes: number;
  readonly replicaHours: number;
}

export function judgeDay(day: readonly DayMinute[]): Readonly<Record<Fleet, FleetVerdict>> {
  const judge = (fleet: Fleet): FleetVerdict => {
    const replicaMinutes = day.reduce((sum, { replicas }) => sum + replicas[fleet], 0);
    return {
      shortMinutes: day.filter((minute) => minute.demand > capacityOf(minute, fleet)).length,
      replicaHours: Math.round(replicaMinutes / 6) / 10,
    };
  };
  return { forescale: judge('forescale'), reactive: judge('reactive'), cautious: judge('cautious') };
}

/** Requests per second the ready replicas carry. */
export function capacityOf({ replicas }: DayMinute, fleet: Fleet): number {
  return replicas[fleet] * scene.targetRequestsPerSecond;
}

/** A source that answers `sum(rate(…[2m]))` of counters that are scraped once per slice of the traffic. */
function virtualPrometheus(trafficAt: LoadShape): HistorySource {
  const rateAt = (unixSeconds: number) => {
    const scraped = Math.floor(unixSeconds / sliceSeconds) * sliceSeconds;
    return meanTraffic(trafficAt, scraped - rateWindowSeconds, scraped);
  };
  return {
    async range({ startSeconds, endSeconds, stepSeconds }) {
      const rows = Math.floor((endSeconds - startSeconds) / stepSeconds) + 1;
      const timestamps = Float64Array.from({ length: rows }, (_, row) => startSeconds + row * stepSeconds);
      return { stepSeconds, timestamps, values: timestamps.map(rateAt), warnings: [] };
    },
    instant: async ({ atSeconds }) => ({ kind: 'value', value: rateAt(atSeconds), atSeconds }),
    rateWindowSeconds: () => rateWindowSeconds,
  };
}

function openModel(source: HistorySource, clock: () => number): DemandModel {
  const { settings } = parseTriggerMetadata(metadata);
  return createDemandModel(
    {
      query: settings.query,
      replicasQuery: undefined,
      emptyIsZero: false,
      stepSeconds: settings.stepSeconds,
      historySeconds: historyDays * daySeconds,
      model: {},
    },
    { name: 'virtual', source },
    { freshSeconds: timing.freshAge, clock, log: silentLogger, onRefresh() {} },
  );
}

/** The workload of the model, and what makes it decide anew after a refresh. */
function openWorkload(model: DemandModel, clock: () => number): { workload: Workload; decide: () => void } {
  const { settings, warnings } = parseTriggerMetadata(metadata);
  const held = { model, firstObserved: Promise.resolve(), firstHistory: Promise.resolve(), release() {} };
  let onRefresh = () => {};
  const workload = createWorkload({
    namespace: 'default',
    name: 'shop',
    trigger: 'drawn',
    settings,
    warnings,
    parts: {
      clock,
      log: silentLogger,
      models: {
        hold(_request, onUpdate) {
          onRefresh = onUpdate;
          return held;
        },
        close: async () => {},
      },
      isForcedReactive: () => false,
      defaults: workloadDefaults(timing),
    },
  });
  return { workload, decide: () => onRefresh() };
}

/** A fleet under an HPA that reads one external metric from KEDA. */
function createFleet(target: number, behavior: HpaBehavior) {
  const { startUpSeconds, maxReplicas } = scene;
  const bounds = { minReplicas: 1, maxReplicas, initialReplicas: 3 };
  const fleet = createVirtualFleet({ target, behavior, startUpSeconds, ...bounds });
  return {
    sync(nowSeconds: number, demand: number): void {
      const { metricValue, metricValueFloat } = toMetricValue('', demand, target);
      const sent = { metricValue: Number(metricValue), metricValueFloat: Number(metricValueFloat) };
      fleet.sync(nowSeconds, kedaValue(sent));
    },
    ready: (nowSeconds: number) => fleet.readyReplicas(nowSeconds),
  };
}
