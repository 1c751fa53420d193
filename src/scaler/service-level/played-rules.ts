import { createSlidingExtreme, hpaDefaults } from '../../controllers/index.ts';
import type { StateCopier, Stateful } from '../../forecast/index.ts';
import { raiseOverTolerance, withHeadroom } from '../decision/policy.ts';
import { type AskedBound, aimedShare, boundAskedAt, createAskedLevel } from './asked-level.ts';
import type { Feedback } from './feedback.ts';
import { createHeadroom, createUsualDemand, headroomAt } from './headroom.ts';
import type { KnownRows } from './known-rows.ts';
import { createMoneyGate } from './money-gate.ts';
import { createPlayedFleet, type PlayedFleet, reactiveHoldSeconds } from './played-fleet.ts';
import type { PlayedOutcome } from './played-outcome.ts';
import type { ServiceRule } from './service-rule.ts';
import { createShortageLearner, type ShortageLearner } from './shortage-learner.ts';

/** Scale-down window that is recommended beside Forescale. */
const ownHoldSeconds = 60;
const tickSeconds = hpaDefaults.syncSeconds;
const daySeconds = 86_400;
/** Compressed time learns faster, but a tick counts for no more than this many. */
const mostTicksOfTick = 10;

/**
 * Before anything counts a tick moves the knobs as so many ticks do: where everything is served, the level falls by its whole range in
 * eight days, so that it then does so in the two days that do not count.
 */
const haste = 4;

/** The bound of the peak that is served for a while, the margin over what is observed then, and what no signal exceeds. */
export interface PlayedBound {
  readonly value: number;
  readonly margin: number;
  readonly cap: number;
}

/** What is known of the time that is played. */
interface PlayedSpan {
  readonly rows: KnownRows;
  readonly bound: PlayedBound;
  readonly countedFromSeconds: number;
}

const recentWindow = { seconds: reactiveHoldSeconds, edge: 'counts' } as const;

/**
 * The rules that are played beside each other on the same demand: the forecast alone, the reactive rule with headroom alone, and the
 * mixture of both that is served. The first two each have a knob that is turned until they deliver the promised service, so that
 * their costs can be compared. A class, as StartingFleet of the controllers is.
 */
export class PlayedRules implements Stateful {
  readonly usual = createUsualDemand();
  readonly gate = createMoneyGate();
  readonly recent = createSlidingExtreme('largest', recentWindow);
  readonly #rule: ServiceRule;
  readonly #outcome: PlayedOutcome | undefined;
  readonly #level: Feedback;
  readonly #headroom: Feedback;
  readonly #forecast: PlayedFleet;
  readonly #reactive: PlayedFleet;
  readonly #levelLearner: ShortageLearner;
  readonly #headroomLearner: ShortageLearner;
  /** What is served; undefined while that is the forecast alone, so that its own fleet tells what it brings. */
  #mixture: PlayedFleet | undefined;

  /** `outcome` notes what the served rule brings. */
  constructor(rule: ServiceRule, firstDemand: number, outcome: PlayedOutcome | undefined) {
    this.#rule = rule;
    this.#outcome = outcome;
    const allowedShare = aimedShare(rule);
    this.#level = createAskedLevel(allowedShare);
    this.#headroom = createHeadroom(allowedShare);
    this.#forecast = createPlayedFleet(rule, ownHoldSeconds, firstDemand);
    this.#reactive = createPlayedFleet(rule, reactiveHoldSeconds, firstDemand);
    const ticksOfTick = Math.min(mostTicksOfTick, daySeconds / rule.seasonSeconds);
    this.#levelLearner = createShortageLearner(this.#level, rule.leadTimeSeconds, ticksOfTick);
    this.#headroomLearner = createShortageLearner(this.#headroom, rule.leadTimeSeconds, ticksOfTick);
  }

  copyState(copier: StateCopier): void {
    this.#level.copyState(copier);
    this.#headroom.copyState(copier);
    for (const part of [this.usual, this.gate, this.recent]) part.copyState(copier);
    for (const part of [this.#forecast, this.#reactive]) part.copyState(copier);
    for (const part of [this.#levelLearner, this.#headroomLearner]) part.copyState(copier);
    if (copier.flag(this.#mixture !== undefined))
      this.#mixture ??= createPlayedFleet(this.#rule, ownHoldSeconds, 0);
    this.#mixture?.copyState(copier);
  }

  asked(): AskedBound {
    return boundAskedAt(this.#level.position);
  }

  headroom(): number {
    return headroomAt(this.#headroom.position);
  }

  /**
   * Plays the time from one moment to another that the rows tell of; the bound is the one that is served meanwhile. What happens
   * before `countedFromSeconds` does not count: the knobs find their places.
   */
  play(fromSeconds: number, toSeconds: number, { rows, bound, countedFromSeconds }: PlayedSpan): void {
    const { usual, gate, recent } = this;
    const [forecast, reactive] = [this.#forecast, this.#reactive];
    const { threshold, seasonSeconds } = this.#rule;
    const days = tickSeconds / seasonSeconds;
    const factor = this.headroom();
    const first = Math.floor(fromSeconds / tickSeconds) * tickSeconds + tickSeconds;
    for (let now = first; now <= toSeconds; now += tickSeconds) {
      const demand = rows.demandAt(now);
      const observed = rows.observedAt(now);
      recent.note(observed, now);
      usual.learn(observed, days);
      const byHeadroom = Math.min(bound.cap, withHeadroom(observed, factor, usual.mean));
      const planned = Math.max(bound.value, Math.min(bound.cap, observed * bound.margin));
      forecast.tick(now, demand, this.#raised(Math.max(observed, planned), forecast));
      reactive.tick(now, demand, this.#raised(Math.max(observed, byHeadroom), reactive));
      if (gate.trust === 1) this.#mixture = undefined;
      else {
        this.#mixture ??= createPlayedFleet(this.#rule, ownHoldSeconds, forecast.replicas * threshold);
        const highest = recent.with(observed, now);
        const held = Math.min(bound.cap, withHeadroom(highest, factor, usual.mean));
        const mixed = gate.trust * planned + (1 - gate.trust) * held;
        this.#mixture.tick(now, demand, this.#raised(Math.max(observed, mixed), this.#mixture));
      }
      const counts = now >= countedFromSeconds;
      if (counts) this.#outcome?.note(now, demand, observed, this.#mixture ?? forecast);
      this.#levelLearner.learn(forecast.isShort, counts ? 1 : haste);
      this.#headroomLearner.learn(reactive.isShort, counts ? 1 : haste);
      if (counts) gate.learn(forecast.replicas, reactive.replicas, days);
    }
  }

  #raised(demand: number, { replicas }: PlayedFleet): number {
    const { threshold, hpaTolerance, knowsReplicas } = this.#rule;
    return raiseOverTolerance(demand, threshold, hpaTolerance, knowsReplicas ? replicas : undefined);
  }
}
