import { queryOf } from '../frame/address.js';
import { get } from '../live.js';
import { mergedList } from './shard-words.js';

/** Reads the workloads of every shard of the cluster; where the server has no other shards, its own alone. */
export function createShardReader() {
  let hasNone = false;

  /** The list of one shard; undefined where it does not answer. The own one must. */
  async function listOf({ name, own, answers }, parameters) {
    if (own) return get(`/api/v1/workloads${queryOf(parameters)}`);
    if (!answers) return undefined;
    return get(`/api/v1/workloads${queryOf({ ...parameters, shard: name })}`).catch(() => undefined);
  }

  return async (parameters) => {
    const shards = hasNone ? [] : (await get('/api/v1/shards')).shards;
    hasNone = shards.length === 0;
    if (hasNone) return { ...(await listOf({ own: true }, parameters)), shards: [] };
    const lists = await Promise.all(shards.map((shard) => listOf(shard, parameters)));
    return mergedList(
      shards.map((shard, index) => ({ ...shard, list: lists[index] })),
      parameters.limit,
    );
  };
}
