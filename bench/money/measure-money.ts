import {
  compare,
  type Entrant,
  type Outcome,
  type PolicyName,
  policies,
  replicaHoursAt,
  type Verdict,
} from '../../src/what-if/index.ts';
import type { Trace } from '../replay/trace.ts';
import { demandOfTrace, scenarioOf } from './money-scene.ts';

/** Share of time that may be short where policies are compared at equal service: what the default promises. */
export const allowedShortShare = 0.01;

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

const shortRun: readonly Entrant[] = [
  { policy: 'reactive', isSwept: true },
  { policy: 'forescale', isSwept: false },
  { policy: 'perfect', isSwept: false },
];
const longRun: readonly Entrant[] = Object.keys(policies).map((name) => ({
  policy: name as PolicyName,
  isSwept: true,
}));

/** Plays every policy on a trace at every start-up. Empty where the trace is too coarse or too short. */
export function measureMoney(trace: Trace, { startUpsSeconds, isShort }: MoneyOptions): TraceMoney[] {
  const demand = demandOfTrace(trace);
  if (demand === undefined) return [];
  const byStartUp = compare({
    demand,
    sight: { rateWindowSeconds: 60, scrapeIntervalSeconds: 15 },
    scenarios: startUpsSeconds.map(scenarioOf),
    entrants: isShort ? shortRun : longRun,
    allowedShortShare,
    hasTimelines: false,
  });
  return byStartUp.map((verdicts, index) => ({
    trace: trace.name,
    startUpSeconds: startUpsSeconds[index]!,
    policies: verdicts.map(moneyOf),
    againstReactive: againstReactive(verdicts),
  }));
}

function moneyOf({ policy, judged, usual, chosen, hindsight }: Verdict): PolicyMoney {
  return {
    policy,
    atDefault: judged[usual]!,
    chosenBefore: judged[chosen]!,
    hindsight: hindsight === undefined ? undefined : judged[hindsight]!,
  };
}

function againstReactive(verdicts: readonly Verdict[]): number | undefined {
  const of = (name: PolicyName) => verdicts.find(({ policy }) => policy === name)!;
  const ours = of('forescale').judged[of('forescale').usual]!;
  const theirs = replicaHoursAt(of('reactive').judged, ours.shortTimeShare);
  return theirs === undefined ? undefined : ours.replicaHours / theirs;
}
