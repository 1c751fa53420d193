import { type FieldError, invalidFields } from '../../platform/errors.ts';
import type { Shards } from '../../scaler/index.ts';
import type { ServerFile } from '../config.ts';
import type { ConfiguredShard } from './shard-schema.ts';

/**
 * The shards of the configuration, and which of them this server is; undefined where it serves all workloads. Throws
 * `invalid-argument` with everything that contradicts itself.
 */
export function readShards({ shard, shards }: ServerFile): Shards<ConfiguredShard> | undefined {
  if (shard === undefined && shards === undefined) return undefined;
  const all = shards ?? [];
  const own = all.find(({ name }) => name === shard);
  const faults = [...ownFaults(shard, own), ...sharedFaults(all)];
  if (faults.length > 0) throw invalidFields('configuration', faults);
  return own && { own, all };
}

function ownFaults(shard: string | undefined, own: ConfiguredShard | undefined): readonly FieldError[] {
  if (own !== undefined) return [];
  const message =
    shard === undefined
      ? 'shard: say which of shards this release is'
      : `shard: no entry of shards is named ${shard}`;
  return [{ field: 'shard', message }];
}

/** Names and namespaces that two shards have: it would depend on their order which of them is meant. */
function sharedFaults(all: readonly ConfiguredShard[]): readonly FieldError[] {
  const faults: FieldError[] = [];
  const ownerOf = new Map<string, string>();
  for (const [index, { name, namespaces = [] }] of all.entries()) {
    const fault = (field: string, text: string) =>
      faults.push({ field: `shards[${index}].${field}`, message: `shards[${index}].${field}: ${text}` });
    if (all.findIndex((other) => other.name === name) < index)
      fault('name', `another shard is named ${name} too`);
    for (const namespace of new Set(namespaces)) {
      const owner = ownerOf.get(namespace);
      if (owner === undefined) ownerOf.set(namespace, name);
      else fault('namespaces', `${namespace} is of shard ${owner} already`);
    }
  }
  return faults;
}
