import { compress } from 'snappyjs';
import { encodeWriteRequest } from '../../../src/seed/remote-write.ts';
import type { Series } from '../../../src/seed/series.ts';

/** A pod's life as kube-state-metrics shows it. Times are unix seconds. */
export interface PodLife {
  readonly namespace: string;
  readonly pod: string;
  readonly replicaSet: string;
  readonly createdSeconds: number;
  /** Undefined for a pod that never becomes ready. */
  readonly readySeconds: number | undefined;
  readonly deletedSeconds: number;
  /** When it lost its readiness, and when it became ready again. */
  readonly unready?: { readonly fromSeconds: number; readonly toSeconds: number };
  /** When a container began to wait for a reason, and until when. */
  readonly waiting?: { readonly reason: string; readonly fromSeconds: number; readonly toSeconds: number };
  /** When containers restarted. */
  readonly restartsSeconds?: readonly number[];
}

const scrapeSeconds = 30;

/** Samples at the scrapes between two times, with the value at each; undefined = the series is not exported then. */
function scraped(
  metric: string,
  labels: Readonly<Record<string, string>>,
  [fromSeconds, toSeconds]: readonly [number, number],
  valueAt: (seconds: number) => number | undefined,
): Series {
  const times: number[] = [];
  const values: number[] = [];
  for (
    let seconds = Math.ceil(fromSeconds / scrapeSeconds) * scrapeSeconds;
    seconds <= toSeconds;
    seconds += scrapeSeconds
  ) {
    const value = valueAt(seconds);
    if (value === undefined) continue;
    times.push(seconds);
    values.push(value);
  }
  const kind = 'gauge';
  return { metric, labels, kind, timestamps: Float64Array.from(times), values: Float64Array.from(values) };
}

/** Every series that kube-state-metrics exports of a pod and that matters here. */
export function podSeries(life: PodLife, options: { readonly withReadyTime?: boolean } = {}): Series[] {
  const { namespace, pod, replicaSet, createdSeconds, readySeconds, deletedSeconds } = life;
  const { waiting, unready, restartsSeconds = [] } = life;
  const labels = { job: 'kube-state-metrics', namespace, pod, uid: `uid-${pod}` };
  const span = [createdSeconds, deletedSeconds] as const;
  const isReady = (seconds: number) =>
    readySeconds !== undefined &&
    seconds >= readySeconds &&
    !(unready !== undefined && seconds >= unready.fromSeconds && seconds < unready.toSeconds);
  const readyTime = (seconds: number) =>
    unready !== undefined && seconds >= unready.toSeconds ? unready.toSeconds : readySeconds;
  const owner = { owner_kind: 'ReplicaSet', owner_name: replicaSet, owner_is_controller: 'true' };
  const series = [
    scraped('kube_pod_created', labels, span, () => createdSeconds),
    scraped('kube_pod_owner', { ...labels, ...owner }, span, () => 1),
    scraped('kube_pod_status_ready', { ...labels, condition: 'true' }, span, (seconds) =>
      isReady(seconds) ? 1 : 0,
    ),
    scraped(
      'kube_pod_container_status_restarts_total',
      { ...labels, container: 'app' },
      span,
      (seconds) => restartsSeconds.filter((at) => at <= seconds).length,
    ),
  ];
  if (options.withReadyTime !== false)
    series.push(
      scraped('kube_pod_status_ready_time', labels, span, (seconds) =>
        isReady(seconds) ? readyTime(seconds) : undefined,
      ),
    );
  if (waiting !== undefined) {
    const during = [waiting.fromSeconds, waiting.toSeconds] as const;
    const reason = { ...labels, container: 'app', reason: waiting.reason };
    series.push(scraped('kube_pod_container_status_waiting_reason', reason, during, () => 1));
  }
  return series.filter(({ timestamps }) => timestamps.length > 0);
}

/** Every series of the HPA that KEDA makes of a ScaledObject; `more` are metrics by what follows the common beginning. */
export function hpaSeries(
  { namespace, name, deployment }: { namespace: string; name: string; deployment: string },
  span: readonly [number, number],
  more: Readonly<Record<string, number>>,
): Series[] {
  const labels = { job: 'kube-state-metrics', namespace, horizontalpodautoscaler: name };
  const target = { scaletargetref_kind: 'Deployment', scaletargetref_name: deployment };
  return [
    scraped('kube_horizontalpodautoscaler_info', { ...labels, ...target }, span, () => 1),
    ...Object.entries(more).map(([metric, value]) =>
      scraped(`kube_horizontalpodautoscaler_${metric}`, labels, span, () => value),
    ),
  ];
}

const seriesPerRequest = 500;

/** Writes many series at once: remote-write requests that follow each other are one request with all their series. */
export async function writeSeries(url: string, series: readonly Series[]): Promise<void> {
  for (let from = 0; from < series.length; from += seriesPerRequest) {
    const parts = series
      .slice(from, from + seriesPerRequest)
      .map((one) => encodeWriteRequest(one, 0, one.timestamps.length));
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      body: new Uint8Array(compress(Buffer.concat(parts))),
      headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
    });
    if (response.status > 299) throw new Error(`${response.status}: ${await response.text()}`);
  }
}
