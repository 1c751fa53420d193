import type { Demand } from './demand.ts';
import type { Sight } from './knowledge.ts';
import { cheapestWithin, chooseSetting } from './outcome/equal-service.ts';
import type { Outcome } from './outcome/tally.ts';
import type { Policy } from './policies/contract.ts';
import type { Scenario } from './scenario.ts';
import { createSimulation, type Played } from './simulate.ts';

/** Shares of a replay: policies learn until `startsAt`, are tuned on `choose` and judged on `judge`. */
export const replayParts = {
  startsAt: 0.2,
  choose: { from: 0.25, to: 0.5 },
  judge: { from: 0.5, to: 1 },
} as const;

/** A policy that takes part. */
export interface Entrant {
  /** Name of its verdict, for example its name in the table of policies. */
  readonly name: string;
  readonly policy: Policy;
  /** The setting that users get (default: the policy's own). */
  readonly setting?: number | undefined;
  /** Whether all values of the knob are played beside it, for equal service. */
  readonly isSwept: boolean;
}

export interface ComparisonRequest {
  readonly demand: Demand;
  readonly sight: Sight;
  /** Workloads, for example the same one with several start-ups. */
  readonly scenarios: readonly Scenario[];
  readonly entrants: readonly Entrant[];
  /** Share of time that may be short where policies are compared at equal service, 0–1. */
  readonly allowedShortShare: number;
  /** Whether the replicas at every tick are kept. */
  readonly hasTimelines: boolean;
}

/** What one policy did in one scenario. */
export interface Verdict {
  readonly name: string;
  /** Values of the knob that were played, in rising order. */
  readonly settings: readonly number[];
  readonly played: readonly Played[];
  /** Outcomes of the judged part, by setting. */
  readonly judged: readonly Outcome[];
  /** Index of the setting that users get. */
  readonly usual: number;
  /** Index of the setting that was cheapest on the part before, among those that kept the service there. */
  readonly chosen: number;
  /** Index of the setting that was cheapest in the judged part and kept the service; undefined where none did. */
  readonly hindsight: number | undefined;
}

/** A comparison on its way. */
export interface Comparison {
  /** Plays up to `ticks` more ticks; false when there are none left. */
  advance(ticks: number): boolean;
  /** Share of the work that is done, 0–1. */
  readonly doneShare: number;
  /** `verdicts()[scenario]` has one verdict for each entrant, in their order. */
  verdicts(): readonly (readonly Verdict[])[];
}

/** Plays policies beside each other on the same demand, with their usual settings and tuned for equal service. */
export function createComparison(request: ComparisonRequest): Comparison {
  const { demand, sight, scenarios, entrants, allowedShortShare, hasTimelines } = request;
  const { startsAt, choose, judge } = replayParts;
  const settings = entrants.map(settingsOf);
  const simulation = createSimulation({
    demand,
    sight,
    contests: scenarios.flatMap((scenario) =>
      entrants.map(({ policy }, i) => ({ policy, scenario, settings: settings[i]! })),
    ),
    startsAt,
    parts: [choose, judge],
    hasTimelines,
  });
  return {
    advance: simulation.advance,
    get doneShare() {
      return simulation.doneShare;
    },
    verdicts() {
      const results = simulation.results();
      return scenarios.map((_, s) =>
        entrants.map((entrant, e) =>
          verdictOf(entrant, settings[e]!, results[s * entrants.length + e]!, allowedShortShare),
        ),
      );
    },
  };
}

function usualSetting({ policy, setting }: Entrant): number {
  return setting ?? policy.knob.default;
}

function settingsOf(entrant: Entrant): readonly number[] {
  const swept = entrant.isSwept ? entrant.policy.knob.values : [];
  return [...new Set([...swept, usualSetting(entrant)])].sort((a, b) => a - b);
}

function verdictOf(
  entrant: Entrant,
  settings: readonly number[],
  played: readonly Played[],
  allowedShortShare: number,
): Verdict {
  const outcomesOf = (part: number) => played.map(({ outcomes }) => outcomes[part]!);
  const judged = outcomesOf(1);
  return {
    name: entrant.name,
    settings,
    played,
    judged,
    usual: settings.indexOf(usualSetting(entrant)),
    chosen: chooseSetting(outcomesOf(0), allowedShortShare),
    hindsight: cheapestWithin(judged, allowedShortShare),
  };
}
