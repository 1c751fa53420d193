import { type Static, Type } from 'typebox';
import { named } from './named.ts';
import { ModeSchema, orNull } from './parts.ts';

/** How many workloads there are, and in which states. */
export const CountsSchema = Type.Object({
  total: Type.Integer(),
  byState: Type.Record(Type.String(), Type.Integer()),
});

const ShardStandingSchema = named(
  'Shard',
  'A release that serves some of the workloads. What it says of itself is null where it does not answer.',
  Type.Object({
    name: Type.String({ description: 'value of the parameter `shard` of reads, which asks it' }),
    namespaces: Type.Array(Type.String(), {
      description: 'whose triggers are its, unless they name another',
    }),
    scalerAddress: Type.String({ description: 'its address for KEDA' }),
    url: orNull(
      Type.String({ description: 'its HTTP address; null = it is not configured, and it is not asked' }),
    ),
    own: Type.Boolean({ description: 'it is the one that answers' }),
    answers: Type.Boolean({ description: 'it answered now' }),
    error: Type.Optional(Type.String({ description: 'why it does not answer' })),
    version: orNull(Type.String()),
    mode: orNull(ModeSchema),
    ready: orNull(Type.Boolean()),
    workloads: orNull(CountsSchema),
  }),
);
export type ShardStanding = Static<typeof ShardStandingSchema>;

export const ShardsSchema = named(
  'Shards',
  'The releases that share the workloads of the cluster; none where this server serves all.',
  Type.Object({ shards: Type.Array(ShardStandingSchema) }),
);
