import { type FieldError, ForescaleError } from '../../platform/errors.ts';
import { fromEnvironment } from '../../platform/secrets/from-environment.ts';
import type { TriggerSettings } from '../trigger-metadata.ts';
import type { TriggerRef } from '../workload-identity.ts';

/** A release that serves some of the workloads of a cluster. */
export interface Shard {
  readonly name: string;
  /** Namespaces whose triggers are its, unless they name another shard. */
  readonly namespaces?: readonly string[] | undefined;
  readonly scalerAddress: string;
}

/** The releases that share the workloads of a cluster, and which of them this server is. */
export interface Shards<S extends Shard = Shard> {
  readonly own: S;
  readonly all: readonly S[];
}

/** Names that a message lists. */
const mostNamed = 5;

/**
 * The shard that a trigger belongs to: the one that its metadata name, else that of its namespace. KEDA sends no labels of a
 * ScaledObject (externalscaler.proto has namespace, name and metadata), so that metadata are what tells workloads of a namespace apart.
 */
export function shardOf<S extends Shard>(
  all: readonly S[],
  namespace: string,
  named: string | undefined,
): S | undefined {
  return named === undefined
    ? all.find(({ namespaces = [] }) => namespaces.includes(namespace))
    : all.find(({ name }) => name === named);
}

/** Throws `other-shard` for a trigger that another release serves, with the address to write; `shard` is what the trigger names. */
export function checkShard(
  shards: Shards | undefined,
  { namespace, name }: Pick<TriggerRef, 'namespace' | 'name'>,
  { shard: named, concealed }: Pick<TriggerSettings, 'shard' | 'concealed'>,
): void {
  if (shards === undefined) return;
  const { own, all } = shards;
  const owner = shardOf(all, namespace, named);
  if (owner === own) return;
  const trigger = `${namespace}/${name}`;
  if (owner !== undefined) {
    const remedy = `write ${owner.scalerAddress}, the address of shard ${owner.name}, which does`;
    throw otherShard(
      'scalerAddress',
      `this server is shard ${own.name} and does not serve ${trigger}; ${remedy}`,
    );
  }
  const known = listed(all.map((shard) => shard.name));
  if (named !== undefined) {
    const shown = concealed.includes('shard') ? fromEnvironment : JSON.stringify(named);
    throw otherShard('shard', `no shard is named ${shown}, which ${trigger} asks for; use ${known}`);
  }
  const remedy = `name one of ${known} by the key shard, or add ${namespace} to the namespaces of one`;
  throw otherShard('shard', `no shard serves ${trigger}; ${remedy}`);
}

function otherShard(field: string, text: string): ForescaleError {
  const fieldErrors: readonly FieldError[] = [{ field, message: `${field}: ${text}` }];
  return new ForescaleError('other-shard', `${field}: ${text}`, { fieldErrors });
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
