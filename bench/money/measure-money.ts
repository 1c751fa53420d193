import {
  createComparison,
  type Entrant,
  type Outcome,
  type Policy,
  policies,
  replayParts,
  replicaHoursAt,
  type Verdict,
} from '../../src/what-if/index.ts';
import { outsideName } from '../opponents/outside/ask-outside.ts';
import type { Trace } from '../replay/trace.ts';
import { createTurns } from '../turns.ts';
import { demandOfTrace, scenarioOf, sight } from './money-scene.ts';
import { outsidePolicy } from './outside-policy.ts';

/** Share of time that may be short where policies are compared at equal service: what the default promises. */
export const allowedShortShare = 0.01;

/** What one policy did in the second half of a trace. */
export interface PolicyMoney {
  readonly policy: string;
  readonly title: string;
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
  /** Command of an outside forecaster that takes part. */
  readonly outsideCommand?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the share of the trace that is played. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Ticks that are played before it is asked whether it is time for a turn of the event loop. */
const ticksAtOnce = 200;

/** Policies that judge our default; the knob of the reactive rule is swept to compare at the same service. */
const shortRun: readonly Entrant[] = [
  { name: 'reactive', policy: policies.reactive, isSwept: true },
  { name: 'forescale', policy: policies.forescale, isSwept: false },
  { name: 'perfect', policy: policies.perfect, isSwept: false },
];
const longRun: readonly Entrant[] = Object.entries<Policy>(policies).map(([name, policy]) => ({
  name,
  policy,
  isSwept: true,
}));

/** Plays every policy on a trace at every start-up. Empty where the trace is too coarse or too short. */
export async function measureMoney(trace: Trace, options: MoneyOptions): Promise<TraceMoney[]> {
  const { startUpsSeconds, isShort, outsideCommand, signal, onProgress } = options;
  const demand = demandOfTrace(trace);
  if (demand === undefined) return [];
  const scenarios = startUpsSeconds.map(scenarioOf);
  const outside: readonly Entrant[] =
    outsideCommand === undefined
      ? []
      : [
          {
            name: outsideName,
            policy: await outsidePolicy(outsideCommand, demand, scenarios, replayParts.startsAt, signal),
            isSwept: true,
          },
        ];
  const entrants = [...(isShort ? shortRun : longRun), ...outside];
  const comparison = createComparison({
    demand,
    sight,
    scenarios,
    entrants,
    allowedShortShare,
    hasTimelines: false,
  });
  const turn = createTurns(signal);
  do {
    if (await turn()) onProgress?.(comparison.doneShare);
  } while (comparison.advance(ticksAtOnce));
  return comparison.verdicts().map((verdicts, index) => ({
    trace: trace.name,
    startUpSeconds: startUpsSeconds[index]!,
    policies: verdicts.map((verdict, i) => moneyOf(verdict, entrants[i]!.policy.title)),
    againstReactive: againstReactive(verdicts),
  }));
}

function moneyOf({ name, judged, usual, chosen, hindsight }: Verdict, title: string): PolicyMoney {
  return {
    policy: name,
    title,
    atDefault: judged[usual]!,
    chosenBefore: judged[chosen]!,
    hindsight: hindsight === undefined ? undefined : judged[hindsight]!,
  };
}

function againstReactive(verdicts: readonly Verdict[]): number | undefined {
  const of = (wanted: string) => verdicts.find(({ name }) => name === wanted)!;
  const ours = of('forescale').judged[of('forescale').usual]!;
  const theirs = replicaHoursAt(of('reactive').judged, ours.shortTimeShare);
  return theirs === undefined ? undefined : ours.replicaHours / theirs;
}
