import type { WorkloadDirectory, WorkloadState, WorkloadView } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { sortedInSlices } from '../../platform/turns/sorted-in-slices.ts';
import { createTimeSlices, type TimeSlices } from '../../platform/turns/time-slices.ts';
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
  const slices = createTimeSlices({ sliceFor: 'caller' });
  const count = await countByName(all, slices);
  const byState: Record<string, number> = {};
  const entries: Entry[] = [];
  for (const workload of all) {
    if (slices.isOver()) await slices.nextTurn();
    const name = nameOf(workload);
    if (!matches(workload, name, wish)) continue;
    const isOnly = count.get(name) === 1;
    const item = toListItem(workload, { serverMode: serverMode(), nowSeconds: clock(), isOnly });
    byState[item.state] = (byState[item.state] ?? 0) + 1;
    if (wish.state === undefined || item.state === wish.state) entries.push({ name, item });
  }
  const sorted = await sortedInSlices(entries, wish.sort === 'name' ? byName : byAttention, slices);
  const end = wish.offset + wish.limit;
  return {
    total: sorted.length,
    byState,
    next: end < sorted.length ? end : null,
    workloads: sorted.slice(wish.offset, end).map(({ item }) => item),
  };
}

/** An entry of the list, and what it is sorted by. */
interface Entry {
  readonly name: string;
  readonly item: ListItem;
}

type Named = Pick<WorkloadView, 'namespace' | 'name'>;
const nameOf = ({ namespace, name }: Named) => `${namespace}/${name}`;

async function countByName(
  workloads: readonly WorkloadView[],
  slices: TimeSlices,
): Promise<ReadonlyMap<string, number>> {
  const count = new Map<string, number>();
  for (const workload of workloads) {
    if (slices.isOver()) await slices.nextTurn();
    const name = nameOf(workload);
    count.set(name, (count.get(name) ?? 0) + 1);
  }
  return count;
}

function matches(workload: WorkloadView, name: string, { namespace, search }: ListWish): boolean {
  if (namespace !== undefined && workload.namespace !== namespace) return false;
  return search === undefined || name.includes(search.trim().toLowerCase());
}

const rank = Object.fromEntries(attentions.map((attention, index) => [attention, index])) as Record<
  Attention['attention'],
  number
>;

function byAttention(a: Entry, b: Entry): number {
  return rank[a.item.attention] - rank[b.item.attention] || byName(a, b);
}

/** Names of Kubernetes are ASCII, so that code units order them as people do. */
function byName({ name: one }: Entry, { name: other }: Entry): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
