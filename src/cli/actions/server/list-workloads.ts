import type { Static } from 'typebox';
import type { WorkloadListSchema } from '../../../api/schemas/workload-list.ts';
import type { ServerClient } from './server-client.ts';

/** Workloads on one page of the list, the most that the server gives. */
const pageSize = 1000;

/** Every workload that the parameters name, in the order of the server, page by page. */
export async function readPages(
  client: ServerClient,
  parameters: Readonly<Record<string, string>>,
  schema: typeof WorkloadListSchema,
): Promise<Static<typeof WorkloadListSchema>['workloads']> {
  const page = (offset: number) => {
    const query = new URLSearchParams({ ...parameters, limit: String(pageSize), offset: String(offset) });
    return client.get(`/api/v1/workloads?${query}`, schema);
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
