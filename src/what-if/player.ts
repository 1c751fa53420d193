import { createVirtualFleet, decideActivation, hpaBounds, initialKedaState } from '../controllers/index.ts';
import { hpaUnder } from './hpa-under.ts';
import { type Outcome, Tally, type TickState } from './outcome/tally.ts';
import { createTimeline, type Timeline } from './outcome/timeline.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';
import { createStartUps } from './start-up.ts';

/** A workload that is scaled by one policy with one setting, and what became of it in each part of the replay. */
export interface Player {
  /** Plays one tick with the signal of the policy, and counts it into a part. */
  play(tick: WorldTick, signal: number, isActive: boolean, part: number | undefined): void;
  outcome(part: number): Outcome;
  /** Replicas at every tick that was played; undefined where none was asked for. */
  readonly timeline: Timeline | undefined;
}

/** What all players see of a tick. */
interface WorldTick {
  tick: number;
  nowSeconds: number;
  demand: number;
  needed: number;
  oracle: number;
  /** Whether the demand could be observed. */
  isSeen: boolean;
}

interface PlayerOptions {
  readonly scenario: Scenario;
  readonly policy: Policy;
  readonly initialReplicas: number;
  readonly parts: number;
  readonly hasTimeline: boolean;
}

export function createPlayer({
  scenario,
  policy,
  initialReplicas,
  parts,
  hasTimeline,
}: PlayerOptions): Player {
  const { capacity } = scenario;
  const { startUp: startUpSeconds, note } = createStartUps(scenario.startUp, initialReplicas);
  const hpa = { ...hpaUnder(policy, scenario), ...hpaBounds({ ...scenario, ...scenario.keda }) };
  const fleet = createVirtualFleet({ ...hpa, target: scenario.target, startUpSeconds, initialReplicas });
  const keda = scenario.minReplicas > 0 ? undefined : createKeda(scenario);
  const tallies = Array.from({ length: parts }, () => new Tally());
  const timeline = hasTimeline ? createTimeline() : undefined;
  const state: TickState = {
    demand: Number.NaN,
    needed: 0,
    oracle: 0,
    ready: initialReplicas,
    existing: initialReplicas,
    capacity: initialReplicas * capacity,
    hasChanged: false,
  };

  return {
    timeline,
    play(world, signal, isActive, part) {
      const { nowSeconds } = world;
      const before = state.existing;
      if (keda !== undefined) {
        const wanted = keda.poll(nowSeconds, before, isActive, !world.isSeen);
        if (wanted !== before) fleet.scaleTo(wanted, nowSeconds);
      }
      fleet.sync(nowSeconds, signal);
      state.demand = world.demand;
      state.needed = world.needed;
      state.oracle = world.oracle;
      state.existing = fleet.existingReplicas;
      state.ready = fleet.readyReplicas(nowSeconds);
      state.capacity = state.ready * capacity;
      state.hasChanged = state.existing !== before;
      note(state.existing, nowSeconds);
      timeline?.note(world.tick, state.existing, state.ready);
      if (part !== undefined) tallies[part]!.add(state);
    },
    outcome(part) {
      const tally = tallies[part];
      if (tally === undefined) throw new RangeError(`there is no part ${part}`);
      return tally.outcome();
    },
  };
}

/** KEDA's operator, which wakes a workload and scales it to zero when it polls. */
function createKeda(scenario: Scenario) {
  const spec = { ...scenario, ...scenario.keda };
  const { pollingIntervalSeconds } = scenario.keda;
  let state = initialKedaState;
  let polled = Number.NEGATIVE_INFINITY;
  return {
    /** The number of replicas that KEDA wants; the present one until the next poll. */
    poll(nowSeconds: number, currentReplicas: number, active: boolean, failed: boolean): number {
      const poll = Math.floor(nowSeconds / pollingIntervalSeconds);
      if (poll === polled) return currentReplicas;
      polled = poll;
      const decision = decideActivation(spec, state, { nowSeconds, currentReplicas, active, failed });
      state = decision.state;
      return decision.replicas;
    },
  };
}
