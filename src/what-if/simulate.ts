import { type Demand, tickSeconds } from './demand.ts';
import { createKnowledge, type Sight } from './knowledge.ts';
import { neededReplicas, oracleReplicas } from './oracle.ts';
import { createPlayer, type Player } from './player.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';
import type { Outcome } from './tally.ts';

/** A policy in a scenario, with the settings of its knob that are played beside each other. */
interface Contest {
  readonly policy: Policy;
  readonly scenario: Scenario;
  readonly settings: readonly number[];
}

/** A part of the replay, as shares of its length. */
interface Part {
  readonly from: number;
  readonly to: number;
}

export interface SimulationOptions {
  readonly demand: Demand;
  readonly sight: Sight;
  readonly contests: readonly Contest[];
  /** Share of the replay from which policies scale; before that they only learn. */
  readonly startsAt: number;
  /** Parts that do not overlap. */
  readonly parts: readonly Part[];
}

/** `outcomes[contest][setting][part]`. */
export type SimulationResult = readonly (readonly (readonly Outcome[])[])[];

/** Plays all policies on the same demand beside each other, tick by tick, each with what was known then. */
export function simulate({ demand, sight, contests, startsAt, parts }: SimulationOptions): SimulationResult {
  const length = demand.ticks.length;
  const firstTick = Math.floor(startsAt * length);
  const spans = parts.map(({ from, to }) => [Math.floor(from * length), Math.floor(to * length)] as const);
  const known = createKnowledge(demand, sight);
  const lanes = contests.map((contest) => createLane(contest, demand, firstTick, parts.length));
  for (let tick = firstTick; tick < length; tick++) {
    known.moveTo(tick);
    const part = spans.findIndex(([from, to]) => tick >= from && tick < to);
    for (const lane of lanes) lane.play(tick, known, part < 0 ? undefined : part);
  }
  return lanes.map(({ players }) => players.map((player) => parts.map((_, part) => player.outcome(part))));
}

/** One contest on its way: the policy is asked once a tick for all of its settings. */
function createLane(
  { policy, scenario, settings }: Contest,
  demand: Demand,
  firstTick: number,
  parts: number,
) {
  const run = policy.create({ scenario, settings, truth: demand });
  const needed = neededReplicas(demand, scenario);
  const oracle = oracleReplicas(needed, scenario.startUpSeconds);
  const first = needed[firstTick] ?? Number.NaN;
  const initialReplicas = Number.isNaN(first) ? Math.max(1, scenario.minReplicas) : first;
  const players: readonly Player[] = settings.map(() =>
    createPlayer(scenario, policy, initialReplicas, parts),
  );
  const signals = new Float64Array(settings.length);
  const world = { nowSeconds: 0, demand: 0, needed: 0, oracle: 0 };
  return {
    players,
    play(tick: number, known: ReturnType<typeof createKnowledge>, part: number | undefined): void {
      world.nowSeconds = demand.firstSeconds + tick * tickSeconds;
      world.demand = demand.ticks[tick]!;
      world.needed = needed[tick]!;
      world.oracle = oracle[tick]!;
      run.signals(known, signals);
      for (let i = 0; i < players.length; i++) players[i]!.play(world, signals[i]!, part);
    },
  };
}
