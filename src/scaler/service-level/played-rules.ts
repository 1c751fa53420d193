import { createSlidingExtreme, hpaDefaults } from '../../controllers/index.ts';
import type { StateCopier } from '../../forecast/index.ts';
import { raiseOverTolerance, withHeadroom } from '../decision/policy.ts';
import { aimedShare, boundAskedAt, createAskedLevel } from './asked-level.ts';
import { createHeadroom, createUsualDemand, headroomAt } from './headroom.ts';
import type { KnownRows } from './known-rows.ts';
import { createMoneyGate } from './money-gate.ts';
import { createPlayedFleet, type PlayedFleet, reactiveHoldSeconds } from './played-fleet.ts';
import type { PlayedOutcome } from './played-outcome.ts';
import type { ServiceRule } from './service-rule.ts';
import { createShortageLearner } from './shortage-learner.ts';

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

/** From which moment on what happens counts; before it the knobs find their places. */
export interface Counted {
  fromSeconds: number;
}

/** The bound of the peak that is served for a while, the margin over what is observed then, and what no signal exceeds. */
export interface PlayedBound {
  readonly value: number;
  readonly margin: number;
  readonly cap: number;
}

/**
 * The rules that are played beside each other on the same demand: the forecast alone, the reactive rule with headroom alone, and the
 * mixture of both that is served. The first two each have a knob that is turned until they deliver the promised service, so that
 * their costs can be compared. `outcome` notes what the served rule brings.
 */
export function createPlayedRules(
  rule: ServiceRule,
  firstDemand: number,
  outcome: PlayedOutcome | undefined,
  counted: Counted,
) {
  const allowedShare = aimedShare(rule);
  const level = createAskedLevel(allowedShare);
  const headroom = createHeadroom(allowedShare);
  const usual = createUsualDemand();
  const gate = createMoneyGate();
  const recent = createSlidingExtreme('largest', { seconds: reactiveHoldSeconds, edge: 'counts' });
  const forecast = createPlayedFleet(rule, ownHoldSeconds, firstDemand);
  const reactive = createPlayedFleet(rule, reactiveHoldSeconds, firstDemand);
  /** What is served; undefined while that is the forecast alone, so that its own fleet tells what it brings. */
  let mixture: PlayedFleet | undefined;
  const ticksOfTick = Math.min(mostTicksOfTick, daySeconds / rule.seasonSeconds);
  const levelLearner = createShortageLearner(level, rule.leadTimeSeconds, ticksOfTick);
  const headroomLearner = createShortageLearner(headroom, rule.leadTimeSeconds, ticksOfTick);
  const days = tickSeconds / rule.seasonSeconds;
  const raised = (demand: number, { replicas }: PlayedFleet) => {
    const known = rule.knowsReplicas ? replicas : undefined;
    return raiseOverTolerance(demand, rule.threshold, rule.hpaTolerance, known);
  };

  return {
    copyState(copier: StateCopier): void {
      for (const part of [level, headroom, usual, gate, recent, forecast, reactive]) part.copyState(copier);
      for (const part of [levelLearner, headroomLearner]) part.copyState(copier);
      if (copier.flag(mixture !== undefined)) mixture ??= createPlayedFleet(rule, ownHoldSeconds, 0);
      mixture?.copyState(copier);
    },
    asked: () => boundAskedAt(level.position),
    headroom: () => headroomAt(headroom.position),
    usual,
    gate,
    recent,
    /** Plays the time from one moment to another that the rows tell of; the bound is the one that is served meanwhile. */
    play(fromSeconds: number, toSeconds: number, rows: KnownRows, bound: PlayedBound): void {
      const factor = headroomAt(headroom.position);
      const first = Math.floor(fromSeconds / tickSeconds) * tickSeconds + tickSeconds;
      for (let now = first; now <= toSeconds; now += tickSeconds) {
        const demand = rows.demandAt(now);
        const observed = rows.observedAt(now);
        recent.note(observed, now);
        usual.learn(observed, days);
        const byHeadroom = Math.min(bound.cap, withHeadroom(observed, factor, usual.mean));
        const planned = Math.max(bound.value, Math.min(bound.cap, observed * bound.margin));
        forecast.tick(now, demand, raised(Math.max(observed, planned), forecast));
        reactive.tick(now, demand, raised(Math.max(observed, byHeadroom), reactive));
        if (gate.trust === 1) mixture = undefined;
        else {
          mixture ??= createPlayedFleet(rule, ownHoldSeconds, forecast.replicas * rule.threshold);
          const highest = recent.with(observed, now);
          const held = Math.min(bound.cap, withHeadroom(highest, factor, usual.mean));
          const mixed = gate.trust * planned + (1 - gate.trust) * held;
          mixture.tick(now, demand, raised(Math.max(observed, mixed), mixture));
        }
        const counts = now >= counted.fromSeconds;
        if (counts) outcome?.note(now, demand, observed, mixture ?? forecast);
        levelLearner.learn(forecast.isShort, counts ? 1 : haste);
        headroomLearner.learn(reactive.isShort, counts ? 1 : haste);
        if (counts) gate.learn(forecast.replicas, reactive.replicas, days);
      }
    },
  };
}
