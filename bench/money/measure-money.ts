import {
  cheapestWithin,
  chooseSetting,
  type Outcome,
  type Policy,
  policies,
  replicaHoursAt,
  simulate,
} from '../../src/what-if/index.ts';
import type { Trace } from '../replay/trace.ts';
import { demandOfTrace, scenarioOf } from './money-scene.ts';

/** Share of time that may be short where policies are compared at equal service: what the default promises. */
export const allowedShortShare = 0.01;

/** Shares of a trace: policies scale from `startsAt` on, are tuned on `choose` and judged on `judge`. */
const startsAt = 0.2;
const choose = { from: 0.25, to: 0.5 };
const judge = { from: 0.5, to: 1 };

type PolicyName = keyof typeof policies;

/** What one policy did in the second half of a trace. */
export interface PolicyMoney {
  readonly policy: PolicyName;
  /** With the setting that users get. */
  readonly atDefault: Outcome;
  /** With the setting that was cheapest before, among those that kept the service there. */
  readonly chosenBefore: Outcome;
  /** With the setting that was cheapest in hindsight; undefined where none kept the service. */
  readonly hindsight: Outcome | undefined;
}

/** What all policies did on one trace at one start-up. */
export interface TraceMoney {
  readonly trace: string;
  readonly startUpSeconds: number;
  readonly policies: readonly PolicyMoney[];
  /**
   * Replica-hours of Forescale's default ÷ those of the reactive rule at its best target for the same short time; undefined where
   * no target is short so little.
   */
  readonly againstReactive: number | undefined;
}

export interface MoneyOptions {
  readonly startUpsSeconds: readonly number[];
  /** Whether only what judges Forescale's default is played. */
  readonly isShort: boolean;
}

/** Policies that a short run plays, and whether it sweeps their knobs. */
const shortRun: Partial<Record<PolicyName, 'swept' | 'default'>> = {
  reactive: 'swept',
  forescale: 'default',
  perfect: 'default',
};

/** Plays every policy on a trace at every start-up. Empty where the trace is too coarse or too short. */
export function measureMoney(trace: Trace, { startUpsSeconds, isShort }: MoneyOptions): TraceMoney[] {
  const demand = demandOfTrace(trace);
  if (demand === undefined) return [];
  const entrants = entrantsOf(isShort);
  const contests = startUpsSeconds.flatMap((startUpSeconds) =>
    entrants.map((entrant) => ({ ...entrant, scenario: scenarioOf(startUpSeconds) })),
  );
  const sight = { rateWindowSeconds: 60, scrapeIntervalSeconds: 15 };
  const results = simulate({ demand, sight, contests, startsAt, parts: [choose, judge] });
  return startUpsSeconds.map((startUpSeconds, index) => {
    const own = results.slice(index * entrants.length, (index + 1) * entrants.length);
    const judged = entrants.map((entrant, i) => moneyOf(entrant, own[i]!));
    const reactive = own[entrants.findIndex(({ name }) => name === 'reactive')]!;
    return {
      trace: trace.name,
      startUpSeconds,
      policies: judged,
      againstReactive: againstReactive(
        judged.find(({ policy }) => policy === 'forescale')!.atDefault,
        reactive.map(([, after]) => after!),
      ),
    };
  });
}

interface Entrant {
  readonly name: PolicyName;
  readonly policy: Policy;
  readonly settings: readonly number[];
}

function entrantsOf(isShort: boolean): readonly Entrant[] {
  return Object.entries<Policy>(policies).flatMap(([key, policy]) => {
    const name = key as PolicyName;
    const sweep = isShort ? shortRun[name] : 'swept';
    if (sweep === undefined) return [];
    return { name, policy, settings: sweep === 'swept' ? policy.knob.values : [policy.knob.default] };
  });
}

/** Judges a policy by its outcomes, `bySetting[setting]` for the part before and the part that counts. */
function moneyOf(
  { name, policy, settings }: Entrant,
  bySetting: readonly (readonly Outcome[])[],
): PolicyMoney {
  const before = bySetting.map(([outcome]) => outcome!);
  const after = bySetting.map(([, outcome]) => outcome!);
  const best = cheapestWithin(after, allowedShortShare);
  return {
    policy: name,
    atDefault: after[settings.indexOf(policy.knob.default)]!,
    chosenBefore: after[chooseSetting(before, allowedShortShare)]!,
    hindsight: best === undefined ? undefined : after[best]!,
  };
}

function againstReactive(ours: Outcome, reactive: readonly Outcome[]): number | undefined {
  const theirs = replicaHoursAt(reactive, ours.shortTimeShare);
  return theirs === undefined ? undefined : ours.replicaHours / theirs;
}
