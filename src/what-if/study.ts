import { type Demand, tickSeconds } from './demand.ts';
import type { Sight } from './knowledge.ts';
import { replicaHoursAt } from './outcome/equal-service.ts';
import type { Outcome } from './outcome/tally.ts';
import { createTuning } from './outcome/tuning.ts';
import type { Policy } from './policies/contract.ts';
import { type OwnAutoscaler, ownAutoscaler } from './policies/own-autoscaler.ts';
import { type PolicyName, policies } from './policies/table.ts';
import type { Scenario } from './scenario.ts';
import { createSimulation, type Played, type Simulation } from './simulate.ts';

/** Policies learn in the first fifth, are tuned in the second quarter, and are judged in the second half. */
const judgedFrom = 0.5;
const learnsUntil = 0.2;
const tunedFrom = 0.25;

/** A knob with more values than this is tuned on every second one, which halves the work. */
const mostSettings = 8;

/** Ticks that the reactive rule is played before it is judged, where it is there to be compared with alone: those of a day. */
const ticksBeforeJudged = 86_400 / tickSeconds;

/** Ticks after which settings that cannot be chosen any more are looked for: those of four hours. */
const ticksBetweenLooks = 960;

/** A policy in a study, by the name that the user sees. */
export interface Participant {
  readonly name: string;
  readonly policy: PolicyName;
  /** The setting that is used without tuning (default: the policy's own). */
  readonly setting?: number | undefined;
  /** Whether it is also tuned for equal service. */
  readonly isTuned: boolean;
  /** Where it is the user's own autoscaler: what that does besides the policy, beneath the workload's own HPA. */
  readonly own?: OwnAutoscaler | undefined;
}

export interface StudyRequest {
  readonly demand: Demand;
  readonly sight: Sight;
  readonly scenario: Scenario;
  readonly participants: readonly Participant[];
  /** Share of time that may be short at equal service, 0–1. */
  readonly allowedShortShare: number;
  /** Whether all settings of what is tuned are played to the end. */
  readonly hasCurves?: boolean | undefined;
}

/** A setting of the knob, and what it brought in the judged half. */
export interface Judged {
  readonly setting: number;
  readonly outcome: Outcome;
  readonly timeline: Played['timeline'];
}

export interface Finding {
  readonly participant: Participant;
  /** With the setting that is used without tuning. */
  readonly usual: Judged;
  /** With the setting that kept the service at least cost before the judged half; undefined where it was not tuned. */
  readonly tuned: Judged | undefined;
  /** With every setting of its knob, in rising order; empty where that was not asked for, or it was not tuned. */
  readonly curve: readonly Judged[];
}

export interface Study {
  /** Plays up to `ticks` more ticks; false when there are none left. */
  advance(ticks: number): boolean;
  readonly doneShare: number;
  findings(): readonly Finding[];
  /** Replica-hours of the reactive rule at its best target in hindsight for a share of short time; undefined where none keeps it. */
  reactiveHoursAt(shortTimeShare: number): number | undefined;
}

/** First tick of the judged half. */
export function judgedTick({ ticks }: Demand): number {
  return Math.floor(judgedFrom * ticks.length);
}

/**
 * Tunes policies on the first half of the demand and judges them on the second, in one replay: what was tuned plays on with the
 * setting that was chosen and with the usual one, and its other settings stop.
 */
export function createStudy(request: StudyRequest): Study {
  const { demand, participants, allowedShortShare, hasCurves = false } = request;
  const middle = judgedTick(demand);
  const { simulation, settings, sweep } = simulationOf(request);
  const usualPlaces = participants.map((one, index) => settings[index]!.indexOf(usualOf(one)));
  const tuning = createTuning({
    simulation,
    contests: participants.map(({ isTuned }, index) => ({
      usualPlace: usualPlaces[index]!,
      places: settings[index]!.map((_, place) => place),
      isTuned,
      mayStop: index !== sweep && !hasCurves,
    })),
    allowedShortShare,
    hours: hoursOf(demand, Math.floor(tunedFrom * demand.ticks.length), middle),
  });
  /** Place of the chosen setting by participant; undefined before all were tuned. */
  let chosen: readonly number[] | undefined;

  /** Of what was chosen; a study that was not played to its middle has chosen nothing. */
  function judgedOf(index: number, place: number): Judged {
    const { outcomes, timeline } = simulation.results()[index]![place]!;
    return { setting: settings[index]![place]!, outcome: outcomes[1]!, timeline };
  }

  return {
    advance(ticks) {
      if (chosen !== undefined) return simulation.advance(ticks);
      const look = simulation.nextTick + ticksBetweenLooks - (simulation.nextTick % ticksBetweenLooks);
      const hasMore = simulation.advance(Math.min(ticks, Math.min(look, middle) - simulation.nextTick));
      if (simulation.nextTick >= middle) chosen = tuning.choose();
      else if (simulation.nextTick === look) tuning.stopShort();
      return hasMore;
    },
    get doneShare() {
      return simulation.doneShare;
    },
    findings: () =>
      participants.map((participant, index) => ({
        participant,
        usual: judgedOf(index, usualPlaces[index]!),
        tuned: participant.isTuned ? judgedOf(index, chosen?.[index] ?? 0) : undefined,
        curve:
          hasCurves && participant.isTuned ? settings[index]!.map((_, place) => judgedOf(index, place)) : [],
      })),
    reactiveHoursAt: (share) =>
      replicaHoursAt(
        simulation.results()[sweep]!.map(({ outcomes: [, judged] }) => judged!),
        share,
      ),
  };
}

/** Hours of known demand. */
function hoursOf({ ticks }: Demand, fromTick: number, toTick: number): number {
  return (
    (ticks.subarray(fromTick, toTick).filter((value) => !Number.isNaN(value)).length * tickSeconds) / 3600
  );
}

/** The policy of a participant, which is played. */
export function policyOf({ policy, own }: Participant): Policy {
  return own === undefined ? policies[policy] : ownAutoscaler(policies[policy], own);
}

function usualOf(participant: Participant): number {
  return participant.setting ?? policyOf(participant).knob.default;
}

/** The values of a knob that are played, and the one that is used without tuning, in rising order. */
function settingsOf(participant: Participant): readonly number[] {
  const { values } = policyOf(participant).knob;
  const played = values.length > mostSettings ? values.filter((_, index) => index % 2 === 0) : values;
  return [...new Set([...played, usualOf(participant)])].sort((a, b) => a - b);
}

/** The replay of a study, the settings that each contest plays, and the contest that is the sweep of the reactive rule. */
function simulationOf({ demand, sight, scenario, participants }: StudyRequest) {
  const sweeping: Participant = { name: 'reactive', policy: 'reactive', isTuned: true };
  const isSweep = ({ policy, isTuned, setting, own }: Participant) =>
    policy === 'reactive' && isTuned && setting === undefined && own === undefined;
  const place = participants.findIndex(isSweep);
  const players = place < 0 ? [...participants, sweeping] : participants;
  const settings = players.map((one) => (one.isTuned ? settingsOf(one) : [usualOf(one)]));
  const simulation: Simulation = createSimulation({
    demand,
    sight,
    contests: players.map((one, index) => ({
      policy: policyOf(one),
      scenario,
      settings: settings[index]!,
      firstTick: one === sweeping ? judgedTick(demand) - ticksBeforeJudged : undefined,
    })),
    startsAt: learnsUntil,
    parts: [
      { from: tunedFrom, to: judgedFrom },
      { from: judgedFrom, to: 1 },
    ],
    hasTimelines: true,
  });
  return { simulation, settings, sweep: place < 0 ? participants.length : place };
}
