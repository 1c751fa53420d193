import type { Decision, RecordKey, WorkloadView } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { ServerMode } from '../peers.ts';
import type { AccuracySchema } from '../schemas/accuracy.ts';
import type { HistorySchema } from '../schemas/history.ts';
import type { WorkloadStatusSchema } from '../schemas/workload.ts';
import { toAccuracyJson } from './accuracy-json.ts';
import { toClusterJson } from './cluster-json.ts';
import { standingOf } from './standing.ts';

type WorkloadStatus = Answer<typeof WorkloadStatusSchema>;

/** A workload with its settings, decision and health. */
export function toStatus(workload: WorkloadView, serverMode: ServerMode, nowSeconds: number): WorkloadStatus {
  const { model } = workload;
  const decision = workload.decision();
  const observed = model.observed();
  const { state, headline, reasons } = standingOf(workload, decision, serverMode);
  return {
    ...identityOf(workload),
    mode: workload.mode,
    state,
    headline,
    reasons,
    query: model.query,
    source: model.source,
    threshold: workload.threshold,
    activationThreshold: workload.activationThreshold,
    horizonSeconds: workload.horizonSeconds,
    stepSeconds: model.stepSeconds,
    gridSeconds: model.gridSeconds,
    // JSON writes −Infinity, before the first row, as null.
    newestRowAt: model.newestSeconds(),
    observed: observed === undefined ? null : { value: observed.value, at: observed.atSeconds },
    decision: decision === undefined ? null : toDecision(decision),
    replicasAsked: replicasAsked(workload, decision),
    askedBy: askedBy(workload, nowSeconds),
    ...toClusterJson(workload.cluster()),
    health: toHealth(workload, nowSeconds),
    warnings: workload.warnings,
  };
}

/** The remembered history in [from, to], in a shape that `POST /api/v1/forecasts` takes as data. */
export function toHistory(workload: WorkloadView, from: number, to: number): Answer<typeof HistorySchema> {
  const { timestamps, values } = workload.model.history(from, to);
  return {
    ...identityOf(workload),
    stepSeconds: workload.model.gridSeconds,
    from,
    to,
    timestamps: Array.from(timestamps),
    values: Array.from(values),
  };
}

/** Accuracy by horizon. */
export function toAccuracy(workload: WorkloadView): Answer<typeof AccuracySchema> {
  return { ...identityOf(workload), horizons: workload.model.accuracy().map(toAccuracyJson) };
}

export function toDecision(decision: Decision): Exclude<WorkloadStatus['decision'], null> {
  const { atSeconds, predictedPeak, trust, dataAgeSeconds, ...rest } = decision;
  return {
    ...rest,
    at: atSeconds,
    predictedPeak: predictedPeak ?? null,
    trust: trust ?? null,
    dataAgeSeconds: dataAgeSeconds ?? null,
  };
}

function toHealth({ model }: WorkloadView, nowSeconds: number): WorkloadStatus['health'] {
  const {
    state,
    lastSuccessSeconds,
    lastError,
    rows,
    warnings,
    archivedSinceSeconds,
    effects = [],
  } = model.health();
  return {
    state,
    lastSuccessAt: lastSuccessSeconds ?? null,
    lastError:
      lastError === undefined
        ? null
        : { code: lastError.code, message: lastError.message, at: lastError.atSeconds },
    rows,
    ...(archivedSinceSeconds === undefined ? {} : { archivedSince: archivedSinceSeconds }),
    ...effectsToCome(effects, nowSeconds),
    warnings,
  };
}

function effectsToCome(
  effects: NonNullable<ReturnType<WorkloadView['model']['health']>['effects']>,
  nowSeconds: number,
): Pick<WorkloadStatus['health'], 'effects'> {
  const coming = effects.filter(({ endSeconds }) => endSeconds > nowSeconds);
  if (coming.length === 0) return {};
  return {
    effects: coming.map(({ startSeconds, endSeconds, ...effect }) => ({
      ...effect,
      start: startSeconds,
      end: endSeconds,
    })),
  };
}

function askedBy(workload: WorkloadView, nowSeconds: number): WorkloadStatus['askedBy'] {
  const asked = workload.asked();
  return asked === undefined
    ? null
    : { replica: asked.replica, at: Math.round(nowSeconds - asked.secondsAgo) };
}

/** Whose answer it is, and what demand is counted in where that is known. */
export function identityOf({
  namespace,
  name,
  trigger,
  unit,
}: RecordKey & { readonly unit?: string | undefined }) {
  return { namespace, name, trigger, ...(unit === undefined ? {} : { unit }) };
}

/** Replicas that the HPA computes from the signal, before tolerance, minimum and maximum; null without a decision. */
export function replicasAsked(workload: WorkloadView, decision: Decision | undefined): number | null {
  return decision === undefined ? null : Math.ceil(decision.signal / workload.threshold);
}
