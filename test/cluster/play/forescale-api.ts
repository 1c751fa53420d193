import type { ClusterAccess } from './cluster-access.ts';
import { namespace } from './scaled-objects.ts';

/** What Forescale says of a workload, as far as the tests read it. */
export interface WorkloadSeen {
  readonly state: string;
  readonly decision: {
    readonly at: number;
    readonly signal: number;
    readonly observed: number;
    readonly basis: string;
    readonly fresh: boolean;
    readonly windowSeconds: number;
  } | null;
  readonly leadTime: {
    readonly seconds: number;
    readonly from: string;
    readonly p95Seconds: number | null;
    readonly starts: number | null;
  };
}

/** Asks Forescale through the API server, by its Service or by one of its pods. */
export function createForescaleApi(access: ClusterAccess) {
  const at = (door: string) => `/api/v1/namespaces/forescale/${door}/proxy/api/v1`;
  return {
    workload: (name: string, door = 'services/forescale:8080') =>
      access.get<WorkloadSeen>(`${at(door)}/workloads/${namespace}/${name}`),
  };
}

/** What KEDA hands to the autoscaler of a ScaledObject: its external metric, undefined where it has no value. */
export async function externalMetric(
  access: ClusterAccess,
  scaledObject: string,
): Promise<number | undefined> {
  const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/s0-forescale-demand`;
  const selector = `labelSelector=scaledobject.keda.sh%2Fname%3D${scaledObject}`;
  const { items } = await access.get<{ items: readonly { value: string }[] }>(`${path}?${selector}`);
  const [value] = items.map(
    (item) => Number(item.value.replace(/m$/, '')) / (item.value.endsWith('m') ? 1000 : 1),
  );
  return value;
}

/** One number of an instant query, now or at a unix time, through the API server; undefined where the answer is empty. */
export async function promQuery(
  access: ClusterAccess,
  query: string,
  at?: number,
): Promise<number | undefined> {
  const time = at === undefined ? '' : `&time=${at}`;
  const { data } = await access.get<{ data: { result: readonly { value: readonly [number, string] }[] } }>(
    `${prometheusPath}/api/v1/query?query=${encodeURIComponent(query)}${time}`,
  );
  const [first] = data.result;
  return first === undefined ? undefined : Number(first.value[1]);
}

/** A series of a range query, a value a second; NaN where there is none. */
export async function promRange(
  access: ClusterAccess,
  query: string,
  [from, until]: readonly [number, number],
): Promise<readonly (readonly [seconds: number, value: number])[]> {
  const range = `query=${encodeURIComponent(query)}&start=${Math.floor(from)}&end=${Math.floor(until)}&step=1`;
  const { data } = await access.get<{
    data: { result: readonly { values: readonly (readonly [number, string])[] }[] };
  }>(`${prometheusPath}/api/v1/query_range?${range}`);
  return (data.result[0]?.values ?? []).map(([seconds, value]) => [seconds, Number(value)]);
}

export const prometheusPath = '/api/v1/namespaces/monitoring/services/prometheus:9090/proxy';
