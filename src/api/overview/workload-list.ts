import type { WorkloadDirectory, WorkloadState, WorkloadView } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { type Attention, attentions } from '../answers/attention.ts';
import type { Answer } from '../instance.ts';
import type { ServerMode } from '../peers.ts';
import type { WorkloadListSchema } from '../schemas/workload-list.ts';
import { type ListItem, toListItem } from './list-item.ts';

/** Which workloads are asked for, and in which order. */
export interface ListWish {
  readonly namespace?: string | undefined;
  /** Part of `namespace/name`, whatever its case. */
  readonly search?: string | undefined;
  readonly state?: WorkloadState | undefined;
  readonly sort: 'attention' | 'name';
  readonly limit: number;
  readonly offset: number;
}

interface Listed {
  readonly directory: WorkloadDirectory;
  readonly serverMode: () => ServerMode;
  readonly clock: Clock;
}

/** The workloads that match, in slices between which the event loop turns. */
export async function listWorkloads(
  { directory, serverMode, clock }: Listed,
  wish: ListWish,
): Promise<Answer<typeof WorkloadListSchema>> {
  const all = directory.list();
  const count = countByName(all);
  const slices = createTimeSlices({ sliceFor: 'caller' });
  const byState: Record<string, number> = {};
  const items: ListItem[] = [];
  for (const workload of all) {
    if (!matches(workload, wish)) continue;
    if (slices.isOver()) await slices.nextTurn();
    const isOnly = count.get(nameOf(workload)) === 1;
    const item = toListItem(workload, { serverMode: serverMode(), nowSeconds: clock(), isOnly });
    byState[item.state] = (byState[item.state] ?? 0) + 1;
    if (wish.state === undefined || item.state === wish.state) items.push(item);
  }
  items.sort(wish.sort === 'name' ? byName : byAttention);
  const end = wish.offset + wish.limit;
  return {
    total: items.length,
    byState,
    next: end < items.length ? end : null,
    workloads: items.slice(wish.offset, end),
  };
}

type Named = Pick<WorkloadView, 'namespace' | 'name'>;
const nameOf = ({ namespace, name }: Named) => `${namespace}/${name}`;

function countByName(workloads: readonly WorkloadView[]): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  for (const workload of workloads) count.set(nameOf(workload), (count.get(nameOf(workload)) ?? 0) + 1);
  return count;
}

function matches(workload: WorkloadView, { namespace, search }: ListWish): boolean {
  if (namespace !== undefined && workload.namespace !== namespace) return false;
  return search === undefined || nameOf(workload).includes(search.trim().toLowerCase());
}

const rank = Object.fromEntries(attentions.map((attention, index) => [attention, index])) as Record<
  Attention['attention'],
  number
>;

function byAttention(a: ListItem, b: ListItem): number {
  return rank[a.attention] - rank[b.attention] || byName(a, b);
}

/** Names of Kubernetes are ASCII, so that code units order them as people do. */
function byName(a: ListItem, b: ListItem): number {
  const [one, other] = [nameOf(a), nameOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
