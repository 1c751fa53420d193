import { status } from '@grpc/grpc-js';
import { raiseOverTolerance } from '../../../../src/scaler/decision/policy.ts';
import type { Answers, SpecAnswer } from './ask.ts';
import { bugText } from './virtual-source.ts';
import { blindSeconds, freshSeconds, type Witness } from './witness.ts';

/** Settings of a trigger that the promises speak of. */
export interface Promised {
  readonly threshold: number;
  readonly activationThreshold: number;
  readonly hpaTolerance: number;
  /** Replicas that the HPA has and keeps; undefined where that is not known. */
  readonly replicas: number | undefined;
  readonly isReactive: boolean;
}

/** The value and the activity that a replica has answered; undefined = an error. */
export interface Served {
  readonly value: number | undefined;
  readonly active: boolean | undefined;
}

/** What was good lately and must be held through a fault. */
export interface Held {
  value: number;
  active: boolean;
}

/** What a replica has saved of the last value that was good, for after a restart. */
export interface SavedValue {
  readonly signal: number;
  readonly atSeconds: number;
}

/** Throws where one of the promises is broken; `text` says which. */
export function promise(isKept: boolean, text: string): asserts isKept {
  if (!isKept) throw new Error(`broken: ${text}`);
}

/** Promise 1: exactly one value, finite and not negative, in both of KEDA's fields, or an error that is KEDA's to retry. */
export function served({ metrics, active }: Answers): Served {
  for (const answer of [metrics, active]) {
    promise(
      answer.kind === 'ok' || isOutage(answer),
      `an error that is no outage: ${JSON.stringify(answer)}`,
    );
  }
  const isActive = active.kind === 'ok' ? active.answer.result : undefined;
  if (metrics.kind === 'error') return { value: undefined, active: isActive };
  const [metric, ...more] = metrics.answer.metricValues;
  promise(metric !== undefined && more.length === 0, 'exactly one value');
  const value = Number(metric.metricValueFloat);
  const integer = Number(metric.metricValue);
  promise(Number.isFinite(value) && value >= 0, `a finite value that is not negative, not ${value}`);
  promise(Number.isSafeInteger(integer) && integer >= 0, `an integer for old KEDAs, not ${integer}`);
  promise(value > 0 || integer === 0, `zero in both fields, not ${value} and ${integer}`);
  return { value, active: isActive };
}

/** Errors of a source, or of blindness. `INTERNAL` is a bug: here only that of a source. */
function isOutage({ code, details }: { readonly code: number; readonly details: string }): boolean {
  if (code === status.INTERNAL) return details.includes(bugText);
  return [status.UNAVAILABLE, status.FAILED_PRECONDITION, status.RESOURCE_EXHAUSTED].includes(code);
}

/** Promise 4: the specification follows from the metadata alone, and is there whatever happens. */
export function checkSpec(spec: SpecAnswer, { threshold }: Promised): void {
  promise(spec.kind === 'ok', `a specification at every time: ${JSON.stringify(spec)}`);
  const expected = {
    metricName: 'forescale-demand',
    targetSize: Math.ceil(threshold),
    targetSizeFloat: threshold,
  };
  const seen = JSON.stringify(spec.answer.metricSpecs);
  promise(seen === JSON.stringify([expected]), `the specification of threshold ${threshold}, not ${seen}`);
}

/** Promises 2 and 3, by what the source has really said. `held` is updated where the observation is fresh. */
export function checkValue(
  { value, active }: Served,
  trigger: Promised,
  {
    witness,
    nowSeconds,
    saved,
  }: {
    readonly witness: Witness;
    readonly nowSeconds: number;
    /** What was saved before a restart; undefined = nothing was. */
    readonly saved: SavedValue | undefined;
  },
  held: Held | undefined,
): Held | undefined {
  const { observed, highestRow, historyAnswers } = witness;
  const ageSeconds = observed === undefined ? Infinity : Math.abs(nowSeconds - observed.atSeconds);
  const savedAgeSeconds = saved === undefined ? Infinity : Math.abs(nowSeconds - saved.atSeconds);
  if (observed === undefined && savedAgeSeconds <= blindSeconds) {
    promise(active !== false || savedAgeSeconds <= freshSeconds, 'nothing is inactive unseen');
    return held;
  }
  if (observed === undefined || ageSeconds > blindSeconds) {
    promise(value === undefined && active === undefined, 'errors where nothing was observed for too long');
    return held;
  }
  promise(value !== undefined, `a value for ${blindSeconds} s after the last observation`);
  if (ageSeconds > freshSeconds) {
    promise(active !== false, 'a blind workload is never inactive');
    if (held === undefined) return undefined;
    promise(value >= held.value, `at least the last good value ${held.value} while blind, not ${value}`);
    promise(active === true || !held.active, 'an active workload stays active while blind');
    return held;
  }
  const raised = raiseOverTolerance(
    observed.value,
    trigger.threshold,
    trigger.hpaTolerance,
    trigger.replicas,
  );
  promise(value >= raised, `at least the observed demand, raised to ${raised}, not ${value}`);
  // While nothing was read since a restart, no history is known: what was served before it was checked by the history of then.
  const isHeldOver = historyAnswers === 0 && savedAgeSeconds <= blindSeconds;
  const cap = Math.max(raised, isHeldOver ? (saved?.signal ?? 0) : 3 * highestRow);
  promise(value <= cap * (1 + 1e-12), `at most the cap ${cap}, not ${value}`);
  promise(
    !trigger.isReactive || value === raised,
    `the observed demand ${raised} in reactive mode, not ${value}`,
  );
  const noise = Math.max(0.001, trigger.threshold / 1000);
  const isDemand = observed.value > trigger.activationThreshold && observed.value >= noise;
  promise(active !== undefined && (active || !isDemand), 'active while there is demand');
  return heldAfter({ value, active }, witness, held);
}

/**
 * What must be held from now on. A value far above the one before it is served and need not be held until it came again, so that
 * of the values since the last that came again the least must be held.
 */
function heldAfter(
  now: Held,
  { observed, previousValue }: Witness,
  before: Held | undefined,
): Held | undefined {
  const cameAgain =
    observed !== undefined && previousValue !== undefined && observed.value <= 3 * previousValue;
  if (cameAgain || before === undefined) return cameAgain ? now : undefined;
  return { value: Math.min(now.value, before.value), active: now.active && before.active };
}
