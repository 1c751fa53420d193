import type { ServerStatus } from './schemas/server.ts';

/** A release that serves some of the workloads of the cluster, as its configuration describes it. */
export interface DescribedShard {
  readonly name: string;
  readonly namespaces?: readonly string[] | undefined;
  readonly scalerAddress: string;
  readonly url?: string | undefined;
}

/** What another shard said of itself, or why it did not. */
export type ShardSaid = { readonly status: ServerStatus } | { readonly error: string };

/** An answer of another shard, as it came. */
export interface ShardAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** The shards of a cluster, seen from one of them. Others are asked directly, and ask nobody else. */
export interface ShardsSide {
  readonly own: DescribedShard;
  readonly all: readonly DescribedShard[];
  /** What another shard says of itself now, or said within the last seconds. Never rejects; settles within seconds. */
  look(name: string): Promise<ShardSaid>;
  /** What another shard answers at a path. Rejects with a ForescaleError where it does not answer within seconds. */
  read(name: string, path: string, accept: string | undefined): Promise<ShardAnswer>;
}
