import {
  type Decision,
  type DemandModels,
  type EventFeed,
  type HeldModel,
  type ModelRequest,
  modelOptionsFor,
  nothingObserved,
  quantised,
  type RecordedDecision,
  type WorkloadView,
} from '../forecast/index.ts';
import type { Clock } from '../platform/clock.ts';
import { formatDuration } from '../platform/duration.ts';
import { type FieldError, ForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { fromEnvironment } from '../platform/secrets/from-environment.ts';
import type { ClusterFacts } from './cluster-facts/cluster-facts.ts';
import { clusterStanding } from './cluster-facts/cluster-standing.ts';
import type { KeptFacts } from './cluster-facts/kept-facts.ts';
import { createDecider } from './decision/decider.ts';
import type { ScalingPolicy, Situation } from './decision/policy.ts';
import type { ServedBefore } from './decision/served-before.ts';
import { createGlimpses, servedDecision } from './record/recorded-decision.ts';
import { followService } from './service-level/followed-service.ts';
import { createStateLog } from './state-log.ts';
import type { ParsedTrigger, TriggerSettings } from './trigger-metadata.ts';
import { createWorkloadRules, keptReplicas, type WorkloadDefaults } from './workload-rules.ts';

/** What every workload of a server needs. */
export interface WorkloadParts {
  readonly defaults: WorkloadDefaults;
  readonly models: Pick<DemandModels, 'hold' | 'close'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The kill switch: true makes every signal reactive at once. */
  readonly isForcedReactive: () => boolean;
  /** What calendars say; undefined = there are none. */
  readonly calendars?: WorkloadCalendars | undefined;
  /** What is known of the cluster; undefined = nothing is asked. */
  readonly cluster?: Pick<ClusterFacts, 'follow'> | undefined;
}

/** The calendars of workloads. */
export interface WorkloadCalendars {
  /** The events of a workload, by its name and by the calendars that its trigger names. */
  feedOf(workload: {
    readonly namespace: string;
    readonly name: string;
    readonly calendars: readonly string[];
  }): EventFeed;
  /** Those of the names that no calendar has. */
  unknown(names: readonly string[]): readonly string[];
  readonly names: readonly string[];
}

interface WorkloadOptions extends WorkloadParts, ParsedTrigger {
  readonly namespace: string;
  readonly name: string;
  readonly trigger: string;
  /** Which replica KEDA asked last. */
  readonly asked?: WorkloadView['asked'];
  /** What was served for it before a restart or an edit; undefined = nothing, or it is not known. */
  readonly before?: ServedBefore | undefined;
  /** What the cluster said of it before a restart; undefined = nothing, or it is not known. */
  readonly keptFacts?: KeptFacts | undefined;
  /** Takes each decision that is made, and each time from which nothing is served. */
  readonly note?: ((decision: RecordedDecision) => void) | undefined;
}

/** One trigger of one ScaledObject: its settings, its model, and the decision served. */
export interface Workload extends WorkloadView, Omit<HeldModel, 'model'> {
  /** Called after each new decision until the returned function is. */
  onDecision(listener: (decision: Decision) => void): () => void;
  /** The last value that was good, for after a restart; undefined before the first. */
  lastGood(): ServedBefore | undefined;
  /** What the cluster says of it, for after a restart. */
  keptFacts(): KeptFacts | undefined;
}

/** Opens a workload: its model refreshes in the background and every refresh makes a new decision. */
export function createWorkload(options: WorkloadOptions): Workload {
  const { settings, defaults, log, namespace, name, trigger } = options;
  const states = createStateLog(log, { namespace, name, trigger });
  const quantumSeconds = defaults.lags.refreshIntervalSeconds;
  const facts = options.cluster?.follow(namespace, name, () => decide(), options.keptFacts);
  const clusterAt = (seconds: number) => clusterStanding(settings, defaults, facts?.at(seconds), seconds);
  const listeners = new Set<(decision: Decision) => void>();
  const held = holdModel(options, () => decide());
  function decide(): void {
    const decision = decider.update();
    const mode = options.isForcedReactive() ? 'reactive' : settings.mode;
    states.note(decision, mode, held.model.health());
    states.noteLeadTime(clusterAt(options.clock()).leadTime);
    if (decision !== undefined) for (const listener of listeners) listener(decision);
  }
  const rulesOf = createWorkloadRules(options, held.model);
  const service = followService(
    held.model,
    settings.serviceLevel,
    () => rulesOf(clusterAt(quantised(options.clock(), quantumSeconds))).service,
    () => facts?.isKnown(options.clock()) ?? true,
  );
  const decider = createDecider({
    ...options,
    model: held.model,
    policyAt: (nowSeconds) => rulesOf(clusterAt(nowSeconds)).policy,
    replicasAt: (nowSeconds) => keptReplicas(clusterAt(nowSeconds)),
    service: service.state,
    hasFailed: () => held.model.health().lastError !== undefined,
    quantumSeconds,
    onDecided: noting(options, held.model),
    onForecast: states.noteForecast,
  });
  // The model may be shared and warm already.
  decider.update();

  return {
    ...{ namespace, name, trigger },
    mode: settings.mode,
    threshold: settings.threshold,
    unit: settings.concealed.includes('unit') ? undefined : settings.unit,
    activationThreshold: settings.activationThreshold,
    horizonSeconds: settings.horizonSeconds,
    ...held,
    release() {
      facts?.release();
      service.release();
      held.release();
    },
    warnings: [
      ...options.warnings,
      ...slowTimeout(settings, defaults),
      ...unknownCalendars(settings, options.calendars),
      ...(held.model.queryWarnings ?? []).map((message) => ({ field: 'query', message })),
    ],
    decision: decider.decision,
    lastGood: decider.lastGood,
    keptFacts: () => facts?.kept(),
    outcome: service.outcome,
    asked: options.asked ?? (() => undefined),
    cluster: () => clusterAt(options.clock()),
    onDecision(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Hands on each decision with what it was made from; undefined where nobody takes it. Whatever fails here is logged, once for each
 * workload: no decision is lost because it cannot be put on record.
 */
function noting({ note, clock, log, namespace, name }: WorkloadOptions, model: WorkloadView['model']) {
  if (note === undefined) return undefined;
  const glimpse = createGlimpses(model);
  let hasFailed = false;
  return (decision: Decision | undefined, situation: Situation, policy: ScalingPolicy) => {
    try {
      if (decision !== undefined) return note(servedDecision(decision, situation, policy, glimpse(decision)));
      const reason = model.health().lastError?.message ?? nothingObserved;
      note({ kind: 'none', atSeconds: clock(), reasons: [reason] });
    } catch (error) {
      if (!hasFailed) log.error({ namespace, name, error: String(error) }, 'decisions-not-recorded');
      hasFailed = true;
    }
  };
}

/** The decision for one workload now, or the error KEDA must see instead of a value. */
export function decisionOrError(workload: WorkloadView): Decision {
  const decision = workload.decision();
  if (decision !== undefined) return decision;
  const { lastError, lastSuccessSeconds } = workload.model.health();
  const what = `${workload.namespace}/${workload.name}`;
  if (lastSuccessSeconds !== undefined) {
    const cause = lastError === undefined ? '' : `; ${lastError.code}: ${lastError.message}`;
    throw new ForescaleError('stale', `${what}: the last observation is older than allowed${cause}`);
  }
  if (lastError === undefined)
    throw new ForescaleError(
      'no-data',
      `${what}: nothing observed yet; ${workload.model.source} has not answered the first query; check that it can be reached and is not busy with slow ones`,
    );
  throw new ForescaleError(lastError.code, `${what}: nothing observed yet; ${lastError.message}`);
}

/** A value is asked for every interval and is fresh for some time; a query that takes longer than the rest leaves a gap. */
function slowTimeout({ timeoutMs }: TriggerSettings, defaults: WorkloadDefaults): FieldError[] {
  const { freshSeconds, lags } = defaults;
  const spareSeconds = freshSeconds - lags.refreshIntervalSeconds;
  if (timeoutMs === undefined || timeoutMs / 1000 <= spareSeconds) return [];
  const message = `timeout: a query that takes longer than ${formatDuration(spareSeconds)} leaves the workload without a fresh value until the next one (timing.freshAge less timing.refreshInterval); make it cheaper, or have timing.freshAge raised`;
  return [{ field: 'timeout', value: String(timeoutMs), message }];
}

function unknownCalendars(
  { calendars, concealed }: TriggerSettings,
  known: WorkloadCalendars | undefined,
): FieldError[] {
  const unknown = known === undefined ? calendars : known.unknown(calendars);
  const shown = concealed.includes('calendars') ? unknown.map(() => fromEnvironment) : unknown;
  const there = known?.names.length ? `there are ${known.names.join(', ')}` : 'this server has none';
  return shown.map((name) => ({
    field: 'calendar',
    value: name,
    message: `calendar: "${name}" is no calendar of the server’s configuration, and adds nothing; ${there}`,
  }));
}

function holdModel(options: WorkloadOptions, onUpdate: () => void): HeldModel {
  const { namespace, name, settings, models, calendars } = options;
  const feed = calendars?.feedOf({ namespace, name, calendars: settings.calendars });
  return models.hold(modelRequest(options), onUpdate, feed);
}

function modelRequest({ namespace, settings }: WorkloadOptions): ModelRequest {
  const { namespaceParameter, queryParameters, concealed } = settings;
  return {
    source: {
      concealed: concealed.includes('address') ? 'address' : concealed.length > 0 ? 'words' : undefined,
      address: settings.address,
      namespace,
      headers: settings.customHeaders,
      parameters:
        namespaceParameter === undefined
          ? queryParameters
          : { ...queryParameters, namespace: namespaceParameter },
      timeoutMs: settings.timeoutMs,
    },
    query: settings.query,
    shownQuery: concealed.includes('query') ? fromEnvironment : undefined,
    replicasQuery: settings.replicasQuery,
    capacityPerReplica: settings.capacityPerReplica,
    emptyIsZero: settings.emptyIsZero,
    stepSeconds: settings.stepSeconds,
    historySeconds: settings.historySeconds,
    model: modelOptionsFor(settings, settings.horizonSeconds),
  };
}
