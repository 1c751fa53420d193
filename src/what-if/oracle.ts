import { type Demand, tickSeconds } from './demand.ts';
import type { Scenario } from './scenario.ts';
import { meanStartUp } from './start-up.ts';
import { createAheadMaximum } from './window-maximum.ts';

/** What policies are held to in one scenario: replicas that demand needs, and that the oracle has, at each tick. */
export interface Standard {
  readonly needed: Float64Array;
  readonly oracle: Float64Array;
}

export function standardOf(demand: Demand, scenario: Scenario): Standard {
  const needed = neededReplicas(demand, scenario);
  return { needed, oracle: oracleReplicas(needed, meanStartUp(scenario.startUp)) };
}

/** Replicas that the demand of each tick needs, within the bounds; NaN where demand is missing. */
function neededReplicas({ ticks }: Demand, scenario: Scenario): Float64Array {
  const { capacity, minReplicas, maxReplicas } = scenario;
  return ticks.map((demand) =>
    Number.isNaN(demand)
      ? demand
      : Math.min(maxReplicas, Math.max(minReplicas, Math.ceil((demand / capacity) * (1 - 1e-9)))),
  );
}

/**
 * Replicas that exist with an oracle that knows all demand and the start-up: a replica must have existed for a whole start-up
 * before it is needed, and goes when it is needed no more.
 */
function oracleReplicas(needed: Float64Array, startUpSeconds: number): Float64Array {
  return createAheadMaximum(needed, Math.ceil(startUpSeconds / tickSeconds) + 1);
}
