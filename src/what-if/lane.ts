import { type Demand, tickSeconds } from './demand.ts';
import type { Knowledge } from './knowledge.ts';
import type { Standard } from './oracle.ts';
import { createPlayer, type Player } from './player.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';

/** A policy in a scenario, with the settings of its knob that are played beside each other. */
export interface Contest {
  readonly policy: Policy;
  readonly scenario: Scenario;
  readonly settings: readonly number[];
}

/** One contest on its way. */
export interface Lane {
  readonly players: readonly Player[];
  /** Asks the policy once, for all of its settings. Ticks come in turn, and what is known has moved to this one. */
  ask(tick: number): void;
  /** Plays the ticks that were asked and not yet played. All of them belong to one part, or to none. */
  play(part: number | undefined): void;
  /** Stops all settings but those at some places, between two blocks. */
  keep(places: readonly number[]): void;
}

/** Most ticks that may be asked before they are played. */
export const blockTicks = 960;

/**
 * Players are played one after another for a block of ticks, and not tick by tick beside each other: hundreds of them do not fit
 * into a processor’s cache together, which makes a replay about twice as slow.
 */
export function createLane(
  { policy, scenario, settings }: Contest,
  demand: Demand,
  known: Knowledge,
  { needed, oracle }: Standard,
  options: { readonly firstTick: number; readonly parts: number; readonly hasTimelines: boolean },
): Lane {
  const run = policy.create({ scenario, settings, truth: demand });
  run.begin?.(known);
  const first = needed[options.firstTick] ?? Number.NaN;
  const initialReplicas = Number.isNaN(first) ? Math.max(1, scenario.minReplicas) : first;
  const { parts, hasTimelines: hasTimeline } = options;
  const one = { scenario, policy, initialReplicas, parts, hasTimeline };
  const players = settings.map(() => createPlayer(one));
  let kept: readonly number[] = settings.map((_, place) => place);
  const now = new Float64Array(settings.length);
  const block = createBlock(settings.length);
  const world = { tick: 0, nowSeconds: 0, demand: 0, needed: 0, oracle: 0, isSeen: false };
  const { activationThreshold } = scenario.keda;
  const canSleep = scenario.minReplicas === 0;
  return {
    players,
    ask(tick) {
      run.signals(known, now);
      const isAboveThreshold = known.observed > activationThreshold;
      const at = block.begin(tick, !Number.isNaN(known.observed));
      for (const i of kept) block.signals[i * blockTicks + at] = now[i]!;
      // Whether it is awake matters only where KEDA may scale to zero.
      if (!canSleep) return;
      for (const i of kept)
        block.active[i * blockTicks + at] = (run.isActive?.(i) ?? isAboveThreshold) ? 1 : 0;
    },
    play(part) {
      for (const i of kept) {
        const player = players[i]!;
        for (let at = 0; at < block.count; at++) {
          const tick = block.firstTick + at;
          world.tick = tick;
          world.nowSeconds = demand.firstSeconds + tick * tickSeconds;
          world.demand = demand.ticks[tick]!;
          world.needed = needed[tick]!;
          world.oracle = oracle[tick]!;
          world.isSeen = block.seen[at] === 1;
          const place = i * blockTicks + at;
          player.play(world, block.signals[place]!, block.active[place] === 1, part);
        }
      }
      block.clear();
    },
    keep(places) {
      kept = places;
      run.keep?.(places);
    },
  };
}

/** What was asked at the ticks of a block: signals and activity by setting and tick. */
function createBlock(settings: number) {
  const seen = new Uint8Array(blockTicks);
  let firstTick = 0;
  let count = 0;
  return {
    signals: new Float64Array(settings * blockTicks),
    active: new Uint8Array(settings * blockTicks),
    seen,
    get firstTick() {
      return firstTick;
    },
    get count() {
      return count;
    },
    /** Begins the next tick of the block, and gives its place. */
    begin(tick: number, isSeen: boolean): number {
      if (count === 0) firstTick = tick;
      seen[count] = isSeen ? 1 : 0;
      return count++;
    },
    clear(): void {
      count = 0;
    },
  };
}
