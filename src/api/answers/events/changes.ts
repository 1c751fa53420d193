import {
  nothingObserved,
  type RecordedDecision,
  reactiveReason,
  type ServedDecision,
  type WorkloadState,
  workloadState,
} from '../../../forecast/index.ts';
import { type EventKind, longestMessage } from '../../schemas/events.ts';
import { inWords } from '../words.ts';

/** What changed from one decision of a workload to the next. */
export interface Change {
  readonly kind: EventKind;
  /** A sentence for people. */
  readonly message: string;
}

/** A reason may repeat the words of a source; the rest of a message is shorter than half of the longest one. */
const shortReason = (reason: string) =>
  reason.length <= longestMessage / 2 ? reason : `${reason.slice(0, longestMessage / 2 - 1)}…`;

/** What of a decision is compared with the next one. A server remembers it of ten thousand workloads, and of decisions no more. */
export interface DecisionOutline {
  /** Undefined for a workload that was just opened, and has not lost anything. */
  readonly state: WorkloadState | undefined;
  readonly isCapped: boolean;
  /** Undefined where nothing was served. */
  readonly threshold: number | undefined;
  readonly serviceLevel: number | undefined;
}

/** One that says the same as the one before is that one. */
export function outlineOf(decision: RecordedDecision, before?: DecisionOutline): DecisionOutline {
  const isServed = decision.kind === 'served';
  const isNew = !isServed && decision.reasons[0] === nothingObserved;
  const state = isNew ? undefined : stateOf(decision);
  const isCapped = isServed && isCut(decision);
  const { threshold, serviceLevel } = isServed ? decision : nothingServed;
  const isSame =
    before?.state === state &&
    before?.isCapped === isCapped &&
    before.threshold === threshold &&
    before.serviceLevel === serviceLevel;
  return isSame ? before : { state, isCapped, threshold, serviceLevel };
}

const nothingServed = { threshold: undefined, serviceLevel: undefined };

/** Changes between two decisions of the same workload, each in a sentence. */
export function changesBetween(before: RecordedDecision, after: RecordedDecision): readonly Change[] {
  return changesSince(outlineOf(before), after);
}

/** The same by what is remembered of the decision before. */
export function changesSince(before: DecisionOutline, after: RecordedDecision): readonly Change[] {
  if (before.state === undefined) return [];
  const state = stateChange(before.state, stateOf(after), after);
  if (before.threshold === undefined || after.kind === 'none') return state;
  return [...state, ...capChange(before, after), ...triggerChange(before, after)];
}

/** The state as it was, which the record tells by what was served and why. */
function stateOf(decision: RecordedDecision): WorkloadState {
  if (decision.kind === 'none') return 'unavailable';
  const mode = decision.fallbackReasons.includes(reactiveReason) ? 'reactive' : 'active';
  return workloadState(decision, mode, { state: decision.fresh ? 'fresh' : 'blind' });
}

function stateChange(from: WorkloadState, to: WorkloadState, after: RecordedDecision): readonly Change[] {
  if (from === to) return [];
  const reason = (after.kind === 'none' ? after.reasons : after.fallbackReasons)[0];
  const because = reason === undefined ? '' : `: ${shortReason(reason)}`;
  const wasLost = from === 'unavailable' || from === 'blind';
  if (to === 'unavailable') {
    const message = `KEDA gets an error now and keeps the replicas, or its fallback acts${because}`;
    return [{ kind: 'unavailable', message }];
  }
  if (to === 'blind') {
    return [
      { kind: 'blind', message: `There is no fresh data any more, and the value is not lowered${because}` },
    ];
  }
  if (wasLost) return [{ kind: 'recovered', message: 'There is fresh data again' }];
  return [found(from, to, because)];
}

/** A change between states with fresh data. */
function found(from: WorkloadState, to: WorkloadState, because: string): Change {
  if (to === 'reactive') {
    return { kind: 'reactive', message: 'The mode is reactive now: the observed demand is served' };
  }
  if (from === 'reactive')
    return { kind: 'active', message: 'The mode is active again: the forecast may decide' };
  if (to === 'learning') return { kind: 'forecast-lost', message: `There is no forecast any more${because}` };
  if (to === 'distrusted') {
    return { kind: 'trust-lost', message: `The forecast keeps only a part of its influence${because}` };
  }
  return from === 'learning'
    ? { kind: 'forecast-ready', message: 'There is a forecast now, and it decides' }
    : { kind: 'trust-regained', message: 'The forecast has all its influence again' };
}

/** Whether the signal was cut to what is credible. */
const isCut = ({ fresh, wanted, signal }: ServedDecision) => fresh && wanted > signal * 1.000_001;

function capChange(before: DecisionOutline, after: ServedDecision): readonly Change[] {
  if (before.isCapped === isCut(after)) return [];
  const { wanted, signal } = after;
  return [
    isCut(after)
      ? {
          kind: 'cap-applied',
          message: `The forecast asks for ${inWords(wanted)}, which is implausible by the history: ${inWords(signal)} is served`,
        }
      : { kind: 'cap-ended', message: 'The forecast is plausible by the history again, and no longer cut' },
  ];
}

/** Settings of the trigger that are on record, by their keys. */
const settings = ['threshold', 'serviceLevel'] as const satisfies readonly (keyof DecisionOutline)[];

function triggerChange(before: DecisionOutline, after: ServedDecision): readonly Change[] {
  const changed = settings.filter((key) => before[key] !== after[key]);
  if (changed.length === 0) return [];
  const words = changed.map((key) => `${key} ${inWords(before[key] ?? Number.NaN)} → ${inWords(after[key])}`);
  return [{ kind: 'trigger-changed', message: `The trigger was changed: ${words.join(', ')}` }];
}
