import { createVirtualFleet, decideActivation, hpaBounds, initialKedaState } from '../controllers/index.ts';
import { type Demand, tickSeconds } from './demand.ts';
import { hpaUnder } from './hpa-under.ts';
import type { Standard } from './oracle.ts';
import { type Outcome, Tally, type TickState } from './outcome/tally.ts';
import { createTimeline, type Timeline } from './outcome/timeline.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';
import { createStartUps } from './start-up.ts';

/** A workload that is scaled by one policy with one setting, and what became of it in each part of the replay. */
export interface Player {
  /** Plays the ticks of a block with the policy's signals for them, and counts them into a part. */
  play(block: TickBlock, signals: SignalBlock, part: number | undefined): void;
  outcome(part: number): Outcome;
  /** Replicas at every tick that was played; undefined where none was asked for. */
  readonly timeline: Timeline | undefined;
}

/** Ticks that are played in one go. */
export interface TickBlock {
  readonly firstTick: number;
  readonly count: number;
  /** Whether the demand could be observed (1), by place in the block. */
  readonly seen: Uint8Array;
}

/** What one setting of a policy asks for at the ticks of a block, and whether it is awake (1), by place in the block. */
export interface SignalBlock {
  readonly signals: Float64Array;
  readonly active: Uint8Array;
}

interface PlayerOptions {
  readonly demand: Demand;
  readonly standard: Standard;
  readonly scenario: Scenario;
  readonly policy: Policy;
  readonly initialReplicas: number;
  readonly parts: number;
  readonly hasTimeline: boolean;
}

export function createPlayer({
  demand: { firstSeconds, ticks: demand },
  standard: { needed, oracle },
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
    play({ firstTick, count, seen }, { signals, active }, part) {
      const tally = part === undefined ? undefined : tallies[part];
      for (let at = 0; at < count; at++) {
        const tick = firstTick + at;
        const nowSeconds = firstSeconds + tick * tickSeconds;
        const before = state.existing;
        if (keda !== undefined) {
          const wanted = keda.poll(nowSeconds, before, active[at] === 1, seen[at] !== 1);
          if (wanted !== before) fleet.scaleTo(wanted, nowSeconds);
        }
        fleet.sync(nowSeconds, signals[at]!);
        state.demand = demand[tick]!;
        state.needed = needed[tick]!;
        state.oracle = oracle[tick]!;
        state.existing = fleet.existingReplicas;
        state.ready = fleet.readyReplicas(nowSeconds);
        state.capacity = state.ready * capacity;
        state.hasChanged = state.existing !== before;
        note(state.existing, nowSeconds);
        timeline?.note(tick, state.existing, state.ready);
        tally?.add(state);
      }
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
