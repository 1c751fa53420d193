import type { Demand } from './demand.ts';
import type { Knowledge } from './knowledge.ts';
import type { Standard } from './oracle.ts';
import { createPlayer, type Player, type SignalBlock, type TickBlock } from './player.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';

/** A policy in a scenario, with the settings of its knob that are played beside each other. */
export interface Contest {
  readonly policy: Policy;
  readonly scenario: Scenario;
  readonly settings: readonly number[];
  /** First tick at which it is played (default: the first of the replay). */
  readonly firstTick?: number | undefined;
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
  { policy, scenario, settings, firstTick = 0 }: Contest,
  demand: Demand,
  known: Knowledge,
  standard: Standard,
  options: { readonly firstTick: number; readonly parts: number; readonly hasTimelines: boolean },
): Lane {
  const run = policy.create({ scenario, settings, truth: demand });
  run.begin?.(known);
  const first = standard.needed[Math.max(firstTick, options.firstTick)] ?? Number.NaN;
  const initialReplicas = Number.isNaN(first) ? Math.max(1, scenario.minReplicas) : first;
  const { parts, hasTimelines: hasTimeline } = options;
  const one = { demand, standard, scenario, policy, initialReplicas, parts, hasTimeline };
  const players = settings.map(() => createPlayer(one));
  let kept: readonly number[] = settings.map((_, place) => place);
  const now = new Float64Array(settings.length);
  const block = createBlock(settings.length);
  const { activationThreshold } = scenario.keda;
  const canSleep = scenario.minReplicas === 0;
  return {
    players,
    ask(tick) {
      if (tick < firstTick) return;
      run.signals(known, now);
      const isAboveThreshold = known.observed > activationThreshold;
      const at = block.begin(tick, !Number.isNaN(known.observed));
      for (const i of kept) block.asked[i]!.signals[at] = now[i]!;
      // Whether it is awake matters only where KEDA may scale to zero.
      if (!canSleep) return;
      for (const i of kept) block.asked[i]!.active[at] = (run.isActive?.(i) ?? isAboveThreshold) ? 1 : 0;
    },
    play(part) {
      for (const i of kept) players[i]!.play(block, block.asked[i]!, part);
      block.clear();
    },
    keep(places) {
      kept = places;
      run.keep?.(places);
    },
  };
}

/** The ticks of a block, and what was asked at them by setting. */
function createBlock(settings: number): TickBlock & {
  readonly asked: readonly SignalBlock[];
  /** Begins the next tick of the block, and gives its place. */
  begin(tick: number, isSeen: boolean): number;
  clear(): void;
} {
  const seen = new Uint8Array(blockTicks);
  const asked = Array.from({ length: settings }, () => ({
    signals: new Float64Array(blockTicks),
    active: new Uint8Array(blockTicks),
  }));
  let firstTick = 0;
  let count = 0;
  return {
    asked,
    seen,
    get firstTick() {
      return firstTick;
    },
    get count() {
      return count;
    },
    begin(tick, isSeen) {
      if (count === 0) firstTick = tick;
      seen[count] = isSeen ? 1 : 0;
      return count++;
    },
    clear() {
      count = 0;
    },
  };
}
