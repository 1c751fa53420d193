import { createVirtualFleet, type HpaBehavior, type ScalingPolicy } from '../controllers/index.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';
import { createTally, type Outcome, type TickState } from './tally.ts';

/** A workload that is scaled by one policy with one setting, and what became of it in each part of the replay. */
export interface Player {
  /** Plays one tick with the signal of the policy, and counts it into a part. */
  play(tick: WorldTick, signal: number, part: number | undefined): void;
  outcome(part: number): Outcome;
  /** Replicas now. */
  readonly state: Readonly<TickState>;
}

/** What all players see of a tick. */
interface WorldTick {
  nowSeconds: number;
  demand: number;
  needed: number;
  oracle: number;
}

export function createPlayer(
  scenario: Scenario,
  policy: Policy,
  initialReplicas: number,
  parts: number,
): Player {
  const { target } = scenario;
  const fleet = createVirtualFleet({ ...scenario, ...hpaUnder(policy, scenario), initialReplicas });
  const tallies = Array.from({ length: parts }, createTally);
  const state: TickState = {
    demand: Number.NaN,
    needed: 0,
    oracle: 0,
    ready: initialReplicas,
    existing: initialReplicas,
    capacity: initialReplicas * target,
    hasChanged: false,
  };

  return {
    state,
    play({ nowSeconds, demand, needed, oracle }, signal, part) {
      const before = fleet.existingReplicas;
      fleet.sync(nowSeconds, signal);
      state.demand = demand;
      state.needed = needed;
      state.oracle = oracle;
      state.existing = fleet.existingReplicas;
      state.ready = fleet.readyReplicas(nowSeconds);
      state.capacity = state.ready * target;
      state.hasChanged = state.existing !== before;
      if (part !== undefined) tallies[part]?.add(state);
    },
    outcome(part) {
      const tally = tallies[part];
      if (tally === undefined) throw new RangeError(`there is no part ${part}`);
      return tally.outcome();
    },
  };
}

/** The HPA that a policy needs. */
function hpaUnder(
  { hpa }: Policy,
  { behavior, tolerance }: Scenario,
): Pick<Scenario, 'behavior' | 'tolerance'> {
  switch (hpa) {
    case 'own':
      return { behavior, tolerance };
    case 'short-hold':
      return { behavior: withHold(behavior, 60), tolerance };
    case 'none':
      return { behavior: withoutHpa, tolerance: 0 };
  }
}

/** Scales to any number in one sync. */
const instantly: ScalingPolicy = { type: 'Pods', value: 1_000_000, periodSeconds: 1 };
const withoutHpa: HpaBehavior = {
  scaleUp: { policies: [instantly] },
  scaleDown: { policies: [instantly], stabilizationWindowSeconds: 0 },
};

function withHold(behavior: HpaBehavior | undefined, stabilizationWindowSeconds: number): HpaBehavior {
  return { ...behavior, scaleDown: { ...behavior?.scaleDown, stabilizationWindowSeconds } };
}
