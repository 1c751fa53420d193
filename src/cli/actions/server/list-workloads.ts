import type { Static } from 'typebox';
import { attentions } from '../../../api/answers/attention.ts';
import { type ShardStanding, ShardsSchema } from '../../../api/schemas/shards.ts';
import { WorkloadListSchema } from '../../../api/schemas/workload-list.ts';
import { toForescaleError } from '../../../platform/errors.ts';
import type { ServerClient } from './server-client.ts';

/** Workloads on one page of the list, the most that the server gives. */
const pageSize = 1000;

/** A workload as the list of the server has it. */
type ListedWorkload = Static<typeof WorkloadListSchema>['workloads'][number];

/** A workload of the list, and the shard that serves it, where that is another server than the one that was asked. */
export type FoundWorkload = ListedWorkload & { readonly shard?: string };

/** The workloads of all shards, those that want attention first. */
export interface Found {
  readonly workloads: readonly FoundWorkload[];
  /** The shards as they stand; none where the server serves all workloads. */
  readonly shards: readonly ShardStanding[];
}

/** Every workload that the parameters name, of all shards that answer; one that falls silent meanwhile is said not to answer. */
export async function findWorkloads(
  client: ServerClient,
  parameters: Readonly<Record<string, string>>,
): Promise<Found> {
  const own = await listWorkloads(client, parameters);
  const { shards } = await client.get('/api/v1/shards', ShardsSchema);
  const asked = shards.map(async (standing) => {
    if (standing.own || !standing.answers) return { standing, workloads: [] };
    try {
      const listed = await listWorkloads(client, { ...parameters, shard: standing.name });
      return { standing, workloads: listed.map((one) => ({ ...one, shard: standing.name })) };
    } catch (error) {
      return {
        standing: { ...standing, answers: false, error: toForescaleError(error).message },
        workloads: [],
      };
    }
  });
  const others = await Promise.all(asked);
  return {
    workloads: [own, ...others.map(({ workloads }) => workloads)].flat().toSorted(byAttention),
    shards: others.map(({ standing }) => standing),
  };
}

/** The order of the server's list. */
function byAttention(a: ListedWorkload, b: ListedWorkload): number {
  const difference = attentions.indexOf(a.attention) - attentions.indexOf(b.attention);
  return difference || (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1);
}

/** The workloads of one server that the parameters name, in its order, page by page. */
async function listWorkloads(
  client: ServerClient,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly ListedWorkload[]> {
  const page = (offset: number) => {
    const query = new URLSearchParams({ ...parameters, limit: String(pageSize), offset: String(offset) });
    return client.get(`/api/v1/workloads?${query}`, WorkloadListSchema);
  };
  const { total, workloads } = await page(0);
  const all = [...workloads];
  while (all.length < total) {
    const next = (await page(all.length)).workloads;
    if (next.length === 0) break;
    all.push(...next);
  }
  return all;
}

/** What names a workload: its trigger too, where the ScaledObject has several; the list leaves it out elsewhere. */
export type NamedWorkload = Pick<FoundWorkload, 'namespace' | 'name' | 'trigger' | 'shard'>;

/** The name of a workload for people. */
export function nameOf({ namespace, name, trigger }: NamedWorkload): string {
  return trigger === undefined ? `${namespace}/${name}` : `${namespace}/${name} (${trigger})`;
}

/** Said where the list of a server is empty. */
export function knowsNone(server: string): string {
  return `${server} knows no workload; KEDA has asked for none, and the configuration declares none`;
}
