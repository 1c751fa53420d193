import { createHash } from 'node:crypto';
import {
  type Decision,
  type DemandModels,
  type HeldModel,
  type ModelRequest,
  modelOptionsFor,
  type WorkloadView,
} from '../forecast/index.ts';
import type { Clock } from '../platform/clock.ts';
import { ForescaleError } from '../platform/errors.ts';
import { decide, decisionWindowSeconds, type Lags, type ScalingPolicy, type Situation } from './policy.ts';
import type { ParsedTrigger, TriggerSettings } from './trigger-metadata.ts';

/** Defaults that the server sets for every workload. */
export interface WorkloadDefaults {
  readonly lags: Lags;
  /** Time from a decision to a ready pod, where the trigger's `leadTime` is `auto`. */
  readonly leadTimeSeconds: number;
  readonly freshSeconds: number;
  readonly blindSeconds: number;
}

/** What every workload of a server needs. */
export interface WorkloadParts {
  readonly defaults: WorkloadDefaults;
  readonly models: DemandModels;
  readonly clock: Clock;
  /** The kill switch: true makes every signal reactive at once. */
  readonly isForcedReactive: () => boolean;
}

interface WorkloadOptions extends WorkloadParts, ParsedTrigger {
  readonly namespace: string;
  readonly name: string;
  readonly trigger: string;
}

/** One trigger of one ScaledObject: its settings, its model, and the decision served. */
export interface Workload extends WorkloadView, Omit<HeldModel, 'model'> {
  /** Called after each new decision until the returned function is. */
  onDecision(listener: (decision: Decision) => void): () => void;
}

/**
 * A short hash of the metadata, which identifies a trigger within its ScaledObject, because KEDA sends neither the names of
 * triggers nor their order (pkg/scalers/external_scaler.go).
 */
export function triggerId(metadata: Readonly<Record<string, string>>): string {
  const entries = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 8);
}

/** Opens a workload: its model refreshes in the background and every refresh makes a new decision. */
export function createWorkload(options: WorkloadOptions): Workload {
  const { settings, defaults, clock } = options;
  const listeners = new Set<(decision: Decision) => void>();
  let lastGood: Decision | undefined;
  const held: HeldModel = options.models.hold(modelRequest(options), () => {
    const decision = current();
    if (decision !== undefined) for (const listener of listeners) listener(decision);
  });
  const { model } = held;
  const policy = scalingPolicy(settings, defaults, model.rateWindowSeconds);

  /**
   * The forecast for (now, now + window]; rows lag behind now, so the window asked for starts at the newest row. Now is
   * quantised as observations are, so that replicas asked a moment apart give the same answer.
   */
  function forecastNow(nowSeconds: number): Situation['forecast'] {
    const { refreshIntervalSeconds } = defaults.lags;
    const quantised = Math.floor(nowSeconds / refreshIntervalSeconds) * refreshIntervalSeconds;
    const origin = model.newestSeconds();
    const lagSeconds = Number.isFinite(origin) ? Math.max(0, quantised - origin) : 0;
    const windowSeconds = policy.windowSeconds + lagSeconds;
    const peak = model.peak({ windowSeconds, quantiles: [0.5, policy.serviceLevel] });
    if (peak.status === 'learning')
      return { kind: 'none', reasons: peak.reasons.map((reason) => reason.message) };
    const bound = peak.quantiles[String(policy.serviceLevel)];
    const median = peak.quantiles['0.5'];
    const { trust, credibleMaximum } = peak;
    if (
      bound === undefined ||
      median === undefined ||
      ![bound, median, trust, credibleMaximum].every(Number.isFinite)
    ) {
      return { kind: 'none', reasons: ['the model gave no finite bound'] };
    }
    return { kind: 'forecast', bound, median, trust, credibleMaximum, windowSeconds };
  }

  function current(): Decision | undefined {
    const mode = options.isForcedReactive() ? 'reactive' : policy.mode;
    const nowSeconds = clock();
    const forecast = forecastNow(nowSeconds);
    const observed = model.observed();
    const decision = decide({ nowSeconds, observed, forecast, lastGood }, { ...policy, mode });
    if (decision?.fresh === true) lastGood = decision;
    return decision;
  }

  return {
    namespace: options.namespace,
    name: options.name,
    trigger: options.trigger,
    mode: settings.mode,
    threshold: settings.threshold,
    activationThreshold: settings.activationThreshold,
    horizonSeconds: settings.horizonSeconds,
    ...held,
    warnings: options.warnings,
    decision: current,
    onDecision(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
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
      `${what}: nothing observed yet; ${workload.model.source} has not answered the first query, check that it can be reached`,
    );
  throw new ForescaleError(lastError.code, `${what}: nothing observed yet; ${lastError.message}`);
}

function scalingPolicy(
  settings: TriggerSettings,
  defaults: WorkloadDefaults,
  rateWindowSeconds: number,
): ScalingPolicy {
  const leadTimeSeconds =
    settings.leadTimeSeconds === 'auto' ? defaults.leadTimeSeconds : settings.leadTimeSeconds;
  const window = { ...settings, leadTimeSeconds, rateWindowSeconds };
  return { ...settings, ...defaults, windowSeconds: decisionWindowSeconds(window, defaults.lags) };
}

function modelRequest({ namespace, settings }: WorkloadOptions): ModelRequest {
  const { namespaceParameter, queryParameters } = settings;
  return {
    source: {
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
    replicasQuery: settings.replicasQuery,
    capacityPerReplica: settings.capacityPerReplica,
    emptyIsZero: settings.emptyIsZero,
    stepSeconds: settings.stepSeconds,
    historySeconds: settings.historySeconds,
    model: modelOptionsFor(settings, settings.horizonSeconds),
  };
}
