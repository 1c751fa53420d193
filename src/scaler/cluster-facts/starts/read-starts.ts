import type { ClusterQuestion, MetricSeries } from '../cluster-metrics.ts';
import { type Owner, ownersOf } from './pod-owner.ts';
import {
  longestStartSeconds,
  overMoments,
  readyTimeQuery,
  replicaSetQuery,
  startQueries,
  tickSeconds,
} from './start-queries.ts';

/** A pod that became ready for the first time. */
export interface Start {
  readonly namespace: string;
  /** Tells pods apart. */
  readonly pod: string;
  /** What the pod belongs to; a pod of a Deployment belongs to its ReplicaSet too. */
  readonly owners: readonly Owner[];
  /** Unix seconds. */
  readonly createdSeconds: number;
  readonly readySeconds: number;
}

/** The pods that became ready in the moments up to and with the question's time, in order of time. */
export async function readStarts(question: ClusterQuestion, moments: number): Promise<readonly Start[]> {
  const { metrics, selector, atSeconds, signal } = question;
  const ask = (query: string) => metrics.vector({ query, atSeconds, signal });
  const { readyByTime, readyByCondition, ...queries } = startQueries(selector);
  const byTime = await ask(overMoments(readyByTime, moments));
  const created = valuesByPod(await ask(overMoments(queries.created, moments)));
  if (created.size === 0) return [];
  const ready =
    byTime.length > 0 || (await ask(readyTimeQuery(selector, moments))).length > 0
      ? byTime
      : await ask(overMoments(readyByCondition, moments));
  if (ready.length === 0) return [];
  const owners = new Map(
    (await ask(overMoments(queries.owner, moments))).map((series) => [podOf(series), ownerOf(series)]),
  );
  const above = await replicaSetOwners(question, moments, [...owners.values()]);
  return ready
    .flatMap((series): Start[] => {
      const pod = podOf(series);
      const { namespace = '' } = series.labels;
      const owner = owners.get(pod) ?? ownerByName(series.labels['pod'] ?? '');
      const createdSeconds = created.get(pod);
      const seconds = series.value - (createdSeconds ?? Number.NaN);
      if (owner === undefined || createdSeconds === undefined || !(seconds <= longestStartSeconds)) return [];
      const ownedBy = ownersOf(owner, above.get(`${namespace}/${owner.name}`));
      return [{ namespace, pod, owners: ownedBy, createdSeconds, readySeconds: series.value }];
    })
    .sort((a, b) => a.readySeconds - b.readySeconds || (a.pod < b.pod ? -1 : 1));
}

function valuesByPod(series: readonly MetricSeries[]): ReadonlyMap<string, number> {
  return new Map(series.map((one) => [podOf(one), one.value]));
}

/** ReplicaSets that are asked for in one query. */
const namesPerQuery = 200;

/** What owns the ReplicaSets among some owners of pods, by namespace and name; some may be missing. */
async function replicaSetOwners(
  { metrics, selector, atSeconds, signal }: ClusterQuestion,
  moments: number,
  owners: readonly Owner[],
): Promise<ReadonlyMap<string, Owner>> {
  const names = [...new Set(owners.filter(({ kind }) => kind === 'ReplicaSet').map(({ name }) => name))];
  const found = new Map<string, Owner>();
  for (let from = 0; from < names.length; from += namesPerQuery) {
    const seconds = (moments + 1) * tickSeconds + longestStartSeconds;
    const query = replicaSetQuery(selector, names.slice(from, from + namesPerQuery), seconds);
    for (const series of await metrics.vector({ query, atSeconds, signal })) {
      const { namespace, replicaset } = series.labels;
      const owner = ownerOf(series);
      if (owner.name !== '' && owner.name !== '<none>') found.set(`${namespace}/${replicaset}`, owner);
    }
  }
  return found;
}

/** Where the owner is not exported it is told by the pod's name: that of a ReplicaSet's pod ends in five characters. */
function ownerByName(pod: string): Owner | undefined {
  const replicaSet = /^(.+-[a-z0-9]{1,10})-[a-z0-9]{5}$/.exec(pod)?.[1];
  if (replicaSet !== undefined) return { kind: 'ReplicaSet', name: replicaSet };
  const statefulSet = /^(.+)-\d+$/.exec(pod)?.[1];
  return statefulSet === undefined ? undefined : { kind: 'StatefulSet', name: statefulSet };
}

function ownerOf({ labels }: MetricSeries): Owner {
  return { kind: labels['owner_kind'] ?? '', name: labels['owner_name'] ?? '' };
}

function podOf({ labels }: MetricSeries): string {
  return `${labels['namespace']}/${labels['pod']}/${labels['uid'] ?? ''}`;
}
