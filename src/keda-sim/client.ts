import { kedaTarget, kedaTotal } from '../controllers/index.ts';
import { type CallOptions, ScalerCallError, type ScalerConnection } from './connection.ts';

/** One metric of the trigger as it stands in the HPA that KEDA creates. */
export interface KedaMetric {
  /** Name with KEDA's trigger index in front: `s0-…`. */
  readonly name: string;
  readonly target: number;
}

/** The outcome of one of KEDA's polls. */
interface PollResult {
  readonly active: boolean;
  /** Values by metric name; undefined where the scaler reported none. */
  readonly totals: ReadonlyMap<string, number | undefined>;
  readonly metrics: readonly KedaMetric[];
  /** The calls that failed. If there is one, KEDA treats the trigger as failed. */
  readonly failures: readonly ScalerCallError[];
}

/** KEDA's side of one `external` trigger. */
export type KedaClient = ReturnType<typeof createKedaClient>;

/** The API server's deadline for a request to the metrics adapter, which KEDA passes on. */
const hpaQueryDeadlineSeconds = 60;

interface Reading {
  readonly total: number | undefined;
  readonly active: boolean;
}

/**
 * Calls a scaler in the order and with the repetitions KEDA does. A poll's calls have no deadline, as KEDA's
 * have none: a scaler that hangs freezes its workload here too.
 * Source: keda pkg/scaling/scale_handler.go (getScalerState, GetScaledObjectMetrics) and pkg/scaling/cache.
 */
export function createKedaClient(
  connection: ScalerConnection,
  options: { readonly useCachedMetrics?: boolean } = {},
) {
  // The index of the trigger in its ScaledObject: only one is played.
  const prefix = 's0-';
  const cache = new Map<string, Reading | ScalerCallError>();

  /** GetMetricSpec, asked twice when it fails or is empty. */
  async function metricSpecs(callOptions: CallOptions): Promise<readonly KedaMetric[]> {
    // GetMetricSpecForScalingForScaler: an empty answer counts as a failure.
    const ask = async () => {
      const specs = await connection.getMetricSpec(callOptions);
      if (specs.length === 0)
        throw new ScalerCallError('GetMetricSpec', 'EMPTY', 'the scaler returned no metric');
      return specs.map((spec) => ({ name: `${prefix}${spec.metricName}`, target: kedaTarget(spec) }));
    };
    return twice(ask, callOptions.signal);
  }

  /** GetMetricsAndActivityForScaler: when either call fails, both are made again, and a good value is thrown away. */
  function reading(metricName: string, callOptions: CallOptions): Promise<Reading> {
    const ask = async () => {
      const values = await connection.getMetrics(metricName.slice(prefix.length), callOptions);
      const active = await connection.isActive(callOptions);
      return { total: kedaTotal(values), active };
    };
    return twice(ask, callOptions.signal);
  }

  return {
    metricSpecs,
    /** The operator's poll: GetMetricSpec, then GetMetrics and IsActive. It never rejects: failures are in the result. */
    async poll(signal: AbortSignal): Promise<PollResult> {
      const failures: ScalerCallError[] = [];
      const metrics = await metricSpecs({ signal }).catch((error: unknown) => {
        failures.push(asCallError(error));
        return [];
      });
      const totals = new Map<string, number | undefined>();
      let active = false;
      for (const { name } of metrics) {
        const result = await reading(name, { signal }).catch(asCallError);
        if (options.useCachedMetrics === true) cache.set(name, result);
        if (result instanceof ScalerCallError) {
          failures.push(result);
        } else {
          totals.set(name, result.total);
          active ||= result.active;
        }
      }
      return { active, totals, metrics, failures };
    },
    /** The HPA's question for one metric. It rejects with ScalerCallError, and then the HPA sees a missing metric. */
    async hpaQuery(metricName: string, signal: AbortSignal): Promise<number> {
      const callOptions = { signal, deadlineSeconds: hpaQueryDeadlineSeconds };
      const specs = await metricSpecs(callOptions);
      const known = specs.some(({ name }) => name.toLowerCase() === metricName.toLowerCase());
      // The cache is read only after the specification was asked for.
      const result = known ? (cache.get(metricName) ?? (await reading(metricName, callOptions))) : undefined;
      if (result instanceof ScalerCallError) throw result;
      if (result?.total === undefined) {
        throw new ScalerCallError('GetMetrics', 'EMPTY', `no matching metrics found for ${metricName}`);
      }
      return result.total;
    },
  };
}

/** KEDA rebuilds the scaler and asks once more, at once. */
async function twice<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted) throw error;
    return await ask();
  }
}

function asCallError(error: unknown): ScalerCallError {
  if (error instanceof ScalerCallError) return error;
  throw error;
}
