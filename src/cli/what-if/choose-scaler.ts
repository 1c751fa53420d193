import { shardOf } from '../../scaler/directory/shard.ts';
import type { WhatIfFlags } from '../commands/what-if.ts';

/** The keys of a trigger that say which server is asked. */
export interface Scaler {
  readonly scalerAddress: string;
  /** Only where the namespace does not say it. */
  readonly shard?: string;
}

/** The address of a release `forescale` in the namespace `forescale`. */
const usual: Scaler = { scalerAddress: 'forescale.forescale.svc:6000' };

/** The server that is to serve a workload: by the shards of the configuration, where one is given. */
export async function chooseScaler(flags: WhatIfFlags, namespace: string | undefined): Promise<Scaler> {
  const { config, shard: named } = flags.values;
  if (config === undefined) {
    if (named !== undefined) flags.wrong('--shard', 'goes with --config, which has the addresses of shards');
    return usual;
  }
  // Loaded where there is a configuration, because the schemas of all its sections come with it.
  const { readServerFile } = await import('../../server/config.ts');
  const { shards = [] } = await readServerFile(config);
  if (shards.length === 0) return usual;
  const owner = shardOf(shards, namespace ?? '', named);
  if (owner !== undefined) {
    const { scalerAddress } = owner;
    return { scalerAddress, ...(named === undefined ? {} : { shard: named }) };
  }
  const names = shards.map(({ name }) => name).join(', ');
  if (named !== undefined) flags.wrong('--shard', `no shard has that name; use one of ${names}`);
  else if (namespace === undefined)
    flags.wrong('--shard', `say which of ${names}, or the namespace by --manifest`);
  else flags.wrong('--shard', `no shard serves the namespace ${namespace}; say which of ${names}`);
  return usual;
}
