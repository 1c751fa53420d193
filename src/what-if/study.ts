import { type Demand, ticksPerRow } from './demand.ts';
import type { Sight } from './knowledge.ts';
import { chooseSetting, replicaHoursAt } from './outcome/equal-service.ts';
import type { Outcome } from './outcome/tally.ts';
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
 * Tunes policies on the first half of the demand and judges them on the second. All settings of a knob are played on the first half
 * alone, which takes a third of the time of playing them to the end.
 */
export function createStudy(request: StudyRequest): Study {
  const { participants, allowedShortShare } = request;
  const tunedOnes = participants.filter(({ isTuned }) => isTuned);
  let tuning = tunedOnes.length === 0 ? undefined : tuningOf(request, tunedOnes);
  let judging: ReturnType<typeof judgingOf> | undefined;

  function judge() {
    if (judging !== undefined) return judging;
    const chosen = new Map(
      tunedOnes.map((one, index) => {
        const outcomes = (tuning?.results()[index] ?? []).map(({ outcomes: [outcome] }) => outcome!);
        return [one, settingsOf(one)[chooseSetting(outcomes, allowedShortShare)]!] as const;
      }),
    );
    judging = judgingOf(request, chosen);
    // What it played takes as much memory as what is still to be played.
    tuning = undefined;
    return judging;
  }

  return {
    advance(ticks) {
      if (judging === undefined && tuning?.advance(ticks) === true) return true;
      return judge().simulation.advance(ticks);
    },
    get doneShare() {
      const tuned = tuning?.doneShare ?? 1;
      return judging === undefined ? 0.5 * tuned : 0.5 + 0.5 * judging.simulation.doneShare;
    },
    findings: () => judge().findings(),
    reactiveHoursAt: (share) => replicaHoursAt(judge().reactive(), share),
  };
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

function tuningOf(
  { demand, sight, scenario }: StudyRequest,
  participants: readonly Participant[],
): Simulation {
  const rows = Math.floor(judgedTick(demand) / ticksPerRow);
  const first = {
    firstSeconds: demand.firstSeconds,
    ticks: demand.ticks.subarray(0, rows * ticksPerRow),
    rows: demand.rows.subarray(0, rows),
  };
  return createSimulation({
    demand: first,
    sight,
    contests: participants.map((one) => ({
      policy: policyOf(one),
      scenario,
      settings: settingsOf(one),
    })),
    startsAt: learnsUntil / judgedFrom,
    parts: [{ from: tunedFrom / judgedFrom, to: 1 }],
    hasTimelines: false,
  });
}

function judgingOf(
  { demand, sight, scenario, participants }: StudyRequest,
  chosen: ReadonlyMap<Participant, number>,
) {
  const settings = participants.map((one) => [...new Set([usualOf(one), chosen.get(one) ?? usualOf(one)])]);
  const contests = participants.map((one, index) => ({
    policy: policyOf(one),
    scenario,
    settings: settings[index]!,
  }));
  const sweep = settingsOf({ name: 'reactive', policy: 'reactive', isTuned: true });
  const simulation = createSimulation({
    demand,
    sight,
    contests: [...contests, { policy: policies.reactive, scenario, settings: sweep }],
    startsAt: learnsUntil,
    parts: [{ from: judgedFrom, to: 1 }],
    hasTimelines: true,
  });
  const judgedOf = (contest: number, setting: number, at: number): Judged => {
    const { outcomes, timeline } = simulation.results()[contest]![at]!;
    return { setting, outcome: outcomes[0]!, timeline };
  };
  return {
    simulation,
    findings: (): readonly Finding[] =>
      participants.map((participant, index) => {
        const [usual, tuned = usual] = settings[index]!;
        return {
          participant,
          usual: judgedOf(index, usual!, 0),
          tuned: chosen.has(participant) ? judgedOf(index, tuned!, settings[index]!.length - 1) : undefined,
        };
      }),
    reactive: () => simulation.results()[participants.length]!.map(({ outcomes: [outcome] }) => outcome!),
  };
}
