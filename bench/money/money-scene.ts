import { readTiming, workloadDefaults } from '../../src/server/timing.ts';
import { type Demand, demandOf, type Scenario, type Sight, scaled } from '../../src/what-if/index.ts';
import type { Trace } from '../replay/trace.ts';

/** Coarser traces say too little about a start-up, and shorter ones have no seasons. */
const longestStepSeconds = 600;
const fewestDays = 9.9;
const daysAtMost = 28;

const timing = readTiming();

/** How late the server sees demand; the query is a rate over a minute. */
export const sight: Sight = {
  rateWindowSeconds: 60,
  scrapeIntervalSeconds: timing.scrapeInterval,
  settleSeconds: timing.settle,
};

/** Demand is scaled to this mean at 10 a replica: about 20 replicas. */
const meanDemand = 200;
const demandPerReplica = 10;

/** The workload of the benchmark: an HPA with Kubernetes' defaults, KEDA's and the server's usual delays. */
export function scenarioOf(startUpSeconds: number): Scenario {
  return {
    target: demandPerReplica,
    capacity: demandPerReplica,
    minReplicas: 1,
    maxReplicas: 10_000,
    behavior: {},
    tolerance: 0.1,
    startUp: { seconds: startUpSeconds },
    keda: { pollingIntervalSeconds: 30, cooldownSeconds: 300, activationThreshold: 0 },
    rateWindowSeconds: sight.rateWindowSeconds,
    serving: { ...workloadDefaults(timing), settleSeconds: timing.settle },
  };
}

/** The last days of a trace, scaled; undefined where the trace is too coarse or too short. */
export function demandOfTrace({ history, days }: Trace): Demand | undefined {
  const { stepSeconds, timestamps, values } = history;
  if (stepSeconds > longestStepSeconds || days < fewestDays) return undefined;
  const from = timestamps[timestamps.length - 1]! - daysAtMost * 86_400;
  const first = timestamps.findIndex((seconds) => seconds > from);
  const recorded = { stepSeconds, timestamps: timestamps.subarray(first), values: values.subarray(first) };
  const demand = demandOf(recorded);
  const known = demand.ticks.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return mean > 0 ? scaled(demand, meanDemand / mean) : undefined;
}
