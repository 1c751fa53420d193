import type { Static } from 'typebox';
import { WorkloadListSchema } from '../../../api/schemas/workload-list.ts';
import type { ServerClient } from './server-client.ts';

/** Workloads on one page of the list, the most that the server gives. */
const pageSize = 1000;

/** A workload as the list of the server has it. */
export type ListedWorkload = Static<typeof WorkloadListSchema>['workloads'][number];

/** Every workload that the parameters name, in the order of the server, page by page. */
export async function listWorkloads(
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
export type NamedWorkload = Pick<ListedWorkload, 'namespace' | 'name' | 'trigger'>;

/** The name of a workload for people. */
export function nameOf({ namespace, name, trigger }: NamedWorkload): string {
  return trigger === undefined ? `${namespace}/${name}` : `${namespace}/${name} (${trigger})`;
}

/** Said where the list of a server is empty. */
export function knowsNone(server: string): string {
  return `${server} knows no workload; KEDA has asked for none, and the configuration declares none`;
}
