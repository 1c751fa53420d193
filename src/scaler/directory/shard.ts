import { ForescaleError } from '../../platform/errors.ts';
import type { TriggerRef } from '../workload-identity.ts';

/** The namespaces that a server serves, where several releases share those of a cluster. */
export interface Shard {
  readonly namespaces: readonly string[];
  /** The other releases, as far as they are known. */
  readonly others?:
    | readonly { readonly namespaces: readonly string[]; readonly scalerAddress: string }[]
    | undefined;
}

/** Namespaces that a message names. */
const mostNamed = 5;

/** Throws `other-shard` for a trigger of a namespace that another release serves; says at which address where that is known. */
export function checkShard(
  shard: Shard | undefined,
  { namespace, name }: Pick<TriggerRef, 'namespace' | 'name'>,
): void {
  if (shard === undefined || shard.namespaces.includes(namespace)) return;
  const other = shard.others?.find(({ namespaces }) => namespaces.includes(namespace));
  const remedy =
    other === undefined
      ? `write the address of the release that serves ${namespace}, or add ${namespace} to shard.namespaces of this one`
      : `write ${other.scalerAddress}, which serves ${namespace}`;
  const message = `scalerAddress: this server serves ${listed(shard.namespaces)} and not ${namespace}/${name}; ${remedy}`;
  throw new ForescaleError('other-shard', message, { fieldErrors: [{ field: 'scalerAddress', message }] });
}

function listed(namespaces: readonly string[]): string {
  const named = namespaces.slice(0, mostNamed).join(', ');
  const more = namespaces.length - mostNamed;
  return `the ${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
