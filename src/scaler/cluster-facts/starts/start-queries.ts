/** Distance of the moments for which starts are read; each start belongs to exactly one of them. */
export const tickSeconds = 300;
/** Age at which a start is read: by then it was scraped and its samples have arrived. */
const settledSeconds = 120;
/** A pod that takes longer waited for something that is no start. */
export const longestStartSeconds = 3600;

/** Span of time in which a start that belongs to a moment may lie, counted back from it. */
const seenSeconds = tickSeconds + settledSeconds;

/** Why a container waits, where waiting is a failure: of its image, its configuration, or itself. Others are part of a start. */
const failures =
  'CrashLoopBackOff|ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|CreateContainerConfigError|CreateContainerError|RunContainerError';

const pod = 'namespace, pod, uid';
const perPod = (expression: string) => `max by (${pod}) (${expression})`;

/** The queries for the starts that belong to one moment; see `overMoments` for those of several. */
export interface StartQueries {
  /** Unix seconds at which pods became ready. */
  readonly readyByTime: string;
  /**
   * The same where `kube_pod_status_ready_time` is not exported: the first sample of the condition that is true, which is a scrape
   * interval less exact.
   */
  readonly readyByCondition: string;
  /** Unix seconds at which pods were created that may have become ready. */
  readonly created: string;
  /** The owner of each of them, by labels. */
  readonly owner: string;
}

/**
 * The queries for the pods that match `selector`. A start counts if none of its containers had failed by then. Source:
 * kube-state-metrics docs, pod-metrics.md. Before its version 2.9 the time of a condition that is false is exported too (its pull
 * request 1971), so that pods which are known not to have been ready are left out.
 */
export function startQueries(selector: string): StartQueries {
  const over = (metric: string, seconds: number, more = '') => `${metric}{${selector}${more}}[${seconds}s]`;
  const isReady = ',condition="true"';
  const condition = `kube_pod_status_ready{${selector}${isReady}}`;
  const longest = longestStartSeconds + seenSeconds;
  const created = `(${perPod(`max_over_time(${over('kube_pod_created', seenSeconds)})`)} > time() - ${longest})`;
  // The first of several, because a pod may lose its readiness and become ready again, and only where the pod was ready: see below.
  const timeOfReady = `kube_pod_status_ready_time{${selector}} and on (${pod}) (${condition} == 1)`;
  const readyTime = `min by (${pod}) (min_over_time((${timeOfReady})[${seenSeconds}s:15s]))`;
  const wasReady = perPod(`max_over_time(${over('kube_pod_status_ready', seenSeconds, isReady)})`);
  const firstTrue = `min by (${pod}) (min_over_time((timestamp(${condition}) and (${condition} == 1))[${seenSeconds}s:15s]))`;
  const trueBefore = perPod(
    `max_over_time(${over('kube_pod_status_ready', tickSeconds, isReady)} offset ${seenSeconds}s)`,
  );
  const within = (time: string) => `((${time} > time() - ${seenSeconds}) <= time() - ${settledSeconds})`;
  const restarted = (container: string) =>
    `${perPod(`max_over_time(${over(`kube_pod_${container}_status_restarts_total`, seenSeconds)})`)} > 0`;
  const waitedForFailure = (container: string) => {
    const metric = `kube_pod_${container}_status_waiting_reason`;
    return `${perPod(`max_over_time(${over(metric, longestStartSeconds, `,reason=~"${failures}"`)})`)} > 0`;
  };
  const failed = ['container', 'init_container'].flatMap((container) => [
    restarted(container),
    waitedForFailure(container),
  ]);
  const without = (ready: string, others: readonly string[]) =>
    `${ready} and on (${pod}) ${created}${others.map((other) => ` unless on (${pod}) (${other})`).join('')}`;
  const owner = `max by (${pod}, owner_kind, owner_name) (max_over_time(${over('kube_pod_owner', seenSeconds, ',owner_is_controller!="false"')}))`;
  return {
    readyByTime: without(within(readyTime), [`${wasReady} == 0`, ...failed]),
    readyByCondition: without(within(firstTrue), [`${trueBefore} == 1`, ...failed]),
    created,
    owner: `${owner} and on (${pod}) ${created}`,
  };
}

/** A query for each of some moments, up to and with the one it is asked at: of each series its lowest value. */
export function overMoments(query: string, moments: number): string {
  return moments === 1 ? query : `min_over_time((${query})[${moments * tickSeconds}s:${tickSeconds}s])`;
}

/** Gives a series if the time at which pods became ready was exported in some moments. */
export function readyTimeQuery(selector: string, moments: number): string {
  return `group(max_over_time(kube_pod_status_ready_time{${selector}}[${moments * tickSeconds + seenSeconds}s]))`;
}

/** The owners of ReplicaSets by labels. */
export function replicaSetQuery(selector: string, names: readonly string[], seconds: number): string {
  const anyOf = names.map((name) => name.replaceAll('.', String.raw`\\.`)).join('|');
  return `max by (namespace, replicaset, owner_kind, owner_name) (max_over_time(kube_replicaset_owner{${selector},replicaset=~"${anyOf}",owner_is_controller!="false"}[${seconds}s]))`;
}
