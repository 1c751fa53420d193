import { hpaSeries, type PodLife, podSeries, writeSeries } from './kube-state-metrics.ts';

const day = 86_400;

/**
 * Pods of a Deployment, in a namespace of its name, that became ready one after another over some days, the newest ten minutes before
 * `nowSeconds`.
 */
export function podLives(
  deployment: string,
  durations: readonly number[],
  nowSeconds: number,
  days = 6,
): PodLife[] {
  const replicaSet = `${deployment}-5d4f8c7b9`;
  const { length } = durations;
  return durations.map((duration, index) => {
    const readySeconds = Math.floor(nowSeconds - 600 - ((length - 1 - index) / length) * days * day);
    return {
      namespace: deployment,
      pod: `${replicaSet}-${index.toString(36).padStart(5, '0')}`,
      replicaSet,
      createdSeconds: readySeconds - duration,
      readySeconds,
      deletedSeconds: readySeconds + 900,
    };
  });
}

/** Writes pods, and the HPA with seven replicas that KEDA made of a ScaledObject named as their Deployment. */
export async function writeDeployment(
  url: string,
  { deployment, nowSeconds }: { readonly deployment: string; readonly nowSeconds: number },
  pods: readonly PodLife[],
  options: Parameters<typeof podSeries>[1] = {},
): Promise<void> {
  const hpa = { namespace: deployment, name: `keda-hpa-${deployment}`, deployment };
  const numbers = { spec_min_replicas: 2, spec_max_replicas: 30, status_current_replicas: 7 };
  const series = pods.flatMap((pod) => podSeries(pod, options));
  await writeSeries(url, [...series, ...hpaSeries(hpa, [nowSeconds - 600, nowSeconds], numbers)]);
}
