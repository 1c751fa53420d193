import { join } from 'node:path';
import type { PastDecision, PastDecisions } from '../api/ports.ts';
import type { DecisionRecord, RecordAnswer, RecordState } from '../forecast/index.ts';
import type { Logger } from '../platform/log.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import { inForceSeconds, type OpenRecord, openRecord, recordFileName } from '../scaler/index.ts';
import { type ServerFile, usualRecordBytes, usualWorkloadLimit } from './config.ts';
import type { Timing } from './timing.ts';

/** Decisions are found up to five minutes after they were made, as samples are, so that some are needed in between. */
const mostStepSeconds = 120;
/** Decisions that are handed over at once; thousands more would hold the event loop. */
const pageDecisions = 2_000;

/** The decisions on record, as lines over time want them. */
export function pastDecisionsOf(record: DecisionRecord): PastDecisions {
  return async ({ namespace, name, trigger }, { fromSeconds, toSeconds, stepSeconds }, signal) => {
    const past: PastDecision[] = [];
    const step = Math.min(mostStepSeconds, Math.max(1, stepSeconds));
    let from: number | undefined = Math.max(0, fromSeconds);
    while (from !== undefined && from <= toSeconds) {
      signal.throwIfAborted();
      const span = { fromSeconds: from, toSeconds, stepSeconds: step, limit: pageDecisions };
      const page: RecordAnswer = await record.read({ namespace, name, trigger }, span);
      past.push(...page.rows.map(toPast));
      from = page.nextSeconds;
    }
    return past;
  };
}

function toPast({ atSeconds, decision }: RecordAnswer['rows'][number]): PastDecision {
  if (decision.kind === 'none') {
    return { atSeconds, signal: undefined, predictedPeak: undefined, replicasAsked: undefined };
  }
  const { signal, predictedPeak, threshold } = decision;
  return { atSeconds, signal, predictedPeak, replicasAsked: Math.ceil(signal / threshold) };
}

/** Opens the record of decisions: a file in the state directory, or some hours in memory where there is none. */
export function openDecisionRecord(
  {
    file,
    stateDir,
    log,
  }: { readonly file: ServerFile; readonly stateDir: string | undefined; readonly log: Logger },
  {
    timing,
    onState,
    lifecycle,
  }: {
    readonly timing: Pick<Timing, 'refreshInterval'>;
    readonly onState: (state: RecordState) => void;
    readonly lifecycle: Lifecycle;
  },
): OpenRecord {
  const record = openRecord({
    path: stateDir === undefined ? undefined : join(stateDir, recordFileName),
    mostBytes: file.limits?.recordBytes ?? usualRecordBytes,
    mostWorkloads: file.limits?.workloads ?? usualWorkloadLimit,
    inForceSeconds: inForceSeconds(timing.refreshInterval),
    log,
    onState,
  });
  lifecycle.onClose('record', () => record.close());
  return record;
}
