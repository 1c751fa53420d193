import { type BenchTrigger, type TriggerPlan, triggersOf } from '../triggers.ts';

/** The shards: two own a namespace each, and the third what names it by the key `shard`, of both namespaces. */
export const shardNames = ['first', 'second', 'third'] as const;
export type ShardName = (typeof shardNames)[number];

const namespacesOf: Readonly<Record<ShardName, readonly string[]>> = {
  first: ['team-a'],
  second: ['team-b'],
  third: [],
};

/** The triggers of each shard, as many of each where their number is a multiple of six, and some with each curve where it is one of 60. */
export function triggersOfShards(plan: TriggerPlan): ReadonlyMap<ShardName, readonly BenchTrigger[]> {
  const byShard = new Map<ShardName, BenchTrigger[]>(shardNames.map((name) => [name, []]));
  for (const [index, trigger] of triggersOf(plan).entries()) {
    const name = index % 3 === 2 ? 'third' : trigger.ref.namespace === 'team-a' ? 'first' : 'second';
    const { ref } = trigger;
    const more = name === 'third' ? { shard: name } : {};
    byShard
      .get(name)
      ?.push({ ...trigger, ref: { ...ref, scalerMetadata: { ...ref.scalerMetadata, ...more } } });
  }
  return byShard;
}

/** The list `shards` of the configuration, which is the same for all of them, by the ports of 127.0.0.1 that they listen at. */
export function shardsSetting(
  ports: ReadonlyMap<ShardName, { readonly grpc: number; readonly http: number }>,
) {
  return [...ports].map(([name, { grpc, http }]) => ({
    name,
    ...(namespacesOf[name].length > 0 && { namespaces: namespacesOf[name] }),
    scalerAddress: `127.0.0.1:${grpc}`,
    url: `http://127.0.0.1:${http}`,
  }));
}
