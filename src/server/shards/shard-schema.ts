import { type Static, Type } from 'typebox';

/** A name that triggers, links and messages carry: a label of Kubernetes. */
export const shardNamePattern = '^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$';

/** One of the releases that share the workloads of a cluster, in the configuration file. */
export const ShardSchema = Type.Object(
  {
    name: Type.String({
      pattern: shardNamePattern,
      description: 'its name, which a trigger may give by the key `shard`',
    }),
    namespaces: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Kubernetes namespaces that it serves, but for triggers that name another shard',
      }),
    ),
    scalerAddress: Type.String({
      pattern: '^[^@\\s?#/]+:\\d+$',
      description: 'its address for KEDA, which refusals and generated ScaledObjects name',
    }),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'its HTTP address, by which the page and `forescale status` of the others read it',
      }),
    ),
  },
  { additionalProperties: false },
);

/** A shard as the configuration file describes it. */
export type ConfiguredShard = Static<typeof ShardSchema>;
