import { readTiming, workloadDefaults } from '../../../src/server/timing.ts';
import { demandOf, type Scenario, type Sight } from '../../../src/what-if/index.ts';

const timing = readTiming();

export const scenario: Scenario = {
  target: 10,
  capacity: 10,
  minReplicas: 1,
  maxReplicas: 100,
  behavior: {},
  tolerance: 0.1,
  startUp: { seconds: 60 },
  keda: { pollingIntervalSeconds: 30, cooldownSeconds: 300, activationThreshold: 0 },
  rateWindowSeconds: 60,
  serving: { ...workloadDefaults(timing), settleSeconds: timing.settle },
};

export const sight: Sight = {
  rateWindowSeconds: 60,
  scrapeIntervalSeconds: timing.scrapeInterval,
  settleSeconds: timing.settle,
};

/** Demand by the minute, from a round week of 2024 on. */
export function minutes(count: number, demandAt: (minute: number) => number) {
  const firstSeconds = 1_704_067_200;
  return demandOf({
    stepSeconds: 60,
    timestamps: Array.from({ length: count }, (_, i) => firstSeconds + 60 * (i + 1)),
    values: Array.from({ length: count }, (_, i) => demandAt(i)),
  });
}

/** Demand of similar days. */
export const daily = (minute: number) =>
  200 + 120 * Math.sin((2 * Math.PI * minute) / 1440) + 10 * Math.sin(minute * minute);
