import type { RecordedDecision, ServedDecision } from '../../../forecast/index.ts';
import { enoughRatio } from '../../decision/policy.ts';
import { raisedSteps } from './number-coder.ts';

const bases = ['none', 'forecast', 'margin', 'headroom', 'observed', 'last-good'] as const;
/** What the signal is: a number of its own, another number of the decision, or what asks for one replica more. */
const signals = ['own', 'observed', 'wanted', 'raised', 'half-raised'] as const;
const wanteds = ['own', 'observed', 'peak'] as const;

/** What decisions have in common with many others. */
export interface DecisionKind {
  /** `none`: nothing was served. */
  readonly basis: (typeof bases)[number];
  readonly signal: (typeof signals)[number];
  readonly wanted: (typeof wanteds)[number];
  readonly fresh: boolean;
  readonly active: boolean;
  readonly hasForecast: boolean;
  /** KEDA asked another replica. */
  readonly elsewhere: boolean;
}

const nothing: DecisionKind = {
  basis: 'none',
  signal: 'own',
  wanted: 'own',
  fresh: false,
  active: false,
  hasForecast: false,
  elsewhere: false,
};

/** Numbers that are equal to the bit are said to be equal, and written once. */
export function kindOf(decision: RecordedDecision): DecisionKind {
  const elsewhere = decision.elsewhere === true;
  if (decision.kind === 'none') return { ...nothing, elsewhere };
  const { basis, fresh, active, observed, wanted, predictedPeak } = decision;
  return {
    basis,
    signal: signalKindOf(decision),
    wanted: wanted === observed ? 'observed' : wanted === predictedPeak ? 'peak' : 'own',
    fresh,
    active,
    hasForecast: predictedPeak !== undefined,
    elsewhere,
  };
}

function signalKindOf({
  signal,
  observed,
  wanted,
  threshold,
  hpaTolerance,
}: ServedDecision): DecisionKind['signal'] {
  if (signal === observed) return 'observed';
  if (signal === wanted) return 'wanted';
  if (raisedSteps(signal, threshold, hpaTolerance) !== undefined) return 'raised';
  return raisedSteps(signal, threshold, enoughRatio * hpaTolerance) === undefined ? 'own' : 'half-raised';
}

/** A kind as a whole number, digit by digit of mixed radix. */
export function kindCode({
  basis,
  signal,
  wanted,
  fresh,
  active,
  hasForecast,
  elsewhere,
}: DecisionKind): number {
  const flags = Number(fresh) + 2 * Number(active) + 4 * Number(hasForecast);
  const what = wanteds.indexOf(wanted) + wanteds.length * Number(elsewhere);
  const named = signals.indexOf(signal) + signals.length * what;
  return flags + 8 * (bases.indexOf(basis) + bases.length * named);
}

export function kindOfCode(code: number): DecisionKind {
  const named = Math.floor(code / 8 / bases.length);
  const what = Math.floor(named / signals.length);
  return {
    basis: bases[Math.floor(code / 8) % bases.length] ?? 'none',
    signal: signals[named % signals.length] ?? 'own',
    wanted: wanteds[what % wanteds.length] ?? 'own',
    fresh: code % 2 === 1,
    active: Math.floor(code / 2) % 2 === 1,
    hasForecast: Math.floor(code / 4) % 2 === 1,
    // The highest digit, which the records of earlier versions do not have.
    elsewhere: Math.floor(what / wanteds.length) === 1,
  };
}
