import type { Decision } from '../../../forecast/index.ts';
import { replicasAsked } from '../../answers/workload-answers.ts';
import type { PastDecision } from '../../ports.ts';
import { firstFrom } from './first-from.ts';
import { lookbackMs, type ServedMetric, type Subject } from './subject.ts';

/** What KEDA is told. */
export const signalMetric: ServedMetric = {
  help: 'What KEDA is told: demand to be ready for, in the unit of the query. It has no values in the future.',
  known: ({ decision }) => (decision === undefined ? [] : [[]]),
  lines: (subject) =>
    decisionLines(
      subject,
      ({ signal }) => signal,
      ({ decision }) => decision?.signal,
    ),
};

/** Replicas that the HPA computes from the signal. */
export const replicasAskedMetric: ServedMetric = {
  help: 'Replicas that the signal asks for, before the tolerance and the bounds of the HPA. It has no values in the future.',
  known: ({ decision }) => (decision === undefined ? [] : [[]]),
  lines: (subject) =>
    decisionLines(
      subject,
      ({ replicasAsked }) => replicasAsked,
      ({ workload, decision }) => replicasAsked(workload, decision) ?? undefined,
    ),
};

/** The bound of the peak that decisions are made with, and, in the future, would be made with as far as is known now. */
export const peakMetric: ServedMetric = {
  help: 'Bound of the peak of demand within the decision window from the moment on, at the level that is asked for, in the unit of the query. It has values in the future.',
  known: ({ decision }) => (decision?.predictedPeak === undefined ? [] : [[]]),
  async lines(subject) {
    const [past] = await decisionLines(
      subject,
      ({ predictedPeak }) => predictedPeak,
      ({ decision }) => decision?.predictedPeak,
    );
    const ahead = peakAhead(subject);
    const valueAt = (atMs: number) =>
      atMs > subject.nowMs ? ahead(atMs) : (past?.valueAt(atMs) ?? Number.NaN);
    return [{ labels: [], valueAt }];
  },
};

/** A value of decisions: of those on record, and of the newest one from when it was made until it would be stale. */
async function decisionLines(
  subject: Subject,
  ofPast: (past: PastDecision) => number | undefined,
  ofNow: (subject: Subject) => number | undefined,
) {
  const { nowMs, span, decision, warn } = subject;
  if (decision === undefined && span.toMs >= nowMs - lookbackMs) {
    warn('nothing is served: KEDA gets an error and keeps the replicas, or its fallback acts');
  }
  const past = await subject.pastDecisions();
  const now = ofNow(subject) ?? Number.NaN;
  const sinceMs = madeMs(decision);
  return [
    {
      labels: [],
      valueAt(atMs: number) {
        if (atMs >= sinceMs && atMs <= nowMs + lookbackMs) return now;
        const recorded = inForceAt(past, atMs);
        if (recorded !== undefined) return ofPast(recorded) ?? Number.NaN;
        return Math.abs(nowMs - atMs) <= lookbackMs ? now : Number.NaN;
      },
    },
  ];
}

const madeMs = (decision: Decision | undefined) =>
  decision === undefined ? Number.POSITIVE_INFINITY : decision.atSeconds * 1000;

/** The newest decision that was made at or before a moment, unless it would be stale. */
function inForceAt(past: readonly PastDecision[], atMs: number): PastDecision | undefined {
  const after = firstFrom(atMs + 1, past.length, (index) => (past[index]?.atSeconds ?? 0) * 1000);
  const found = past[after - 1];
  return found !== undefined && atMs - found.atSeconds * 1000 <= lookbackMs ? found : undefined;
}

/** What a reader takes for the same time. */
const aboutMs = 10 * 60_000;

/** The bound of the peak after a moment in the future, at the level and within the window of the newest decision. */
function peakAhead({ workload: { model }, decision, nowMs, span, warn }: Subject): (atMs: number) => number {
  if (decision?.predictedPeak === undefined) {
    if (decision !== undefined && span.toMs >= nowMs - lookbackMs) {
      warn(`there is no bound of a peak: ${decision.fallbackReasons[0] ?? 'there is no forecast'}`);
    }
    return () => Number.NaN;
  }
  const { windowSeconds, askedLevel, askedFactor } = decision;
  const newestSeconds = model.newestSeconds();
  let endMs = Number.POSITIVE_INFINITY;
  return (atMs) => {
    const leadSeconds = Math.max(0, atMs / 1000 - newestSeconds);
    const peak = model.peak({ leadSeconds, windowSeconds, quantiles: [askedLevel] });
    if (peak.status === 'ok') return askedFactor * (peak.quantiles[String(askedLevel)] ?? Number.NaN);
    endMs = Math.min(endMs, atMs);
    // The newest row is minutes old: a range that ends as far from now is no surprise to its reader.
    if (atMs - endMs > aboutMs) {
      warn(
        'the bound of a peak reaches a quarter of the shortest season ahead, which is 6h where that is a day',
      );
    }
    return Number.NaN;
  };
}
