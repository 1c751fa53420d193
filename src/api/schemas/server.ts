import { type Static, Type } from 'typebox';
import { named } from './named.ts';
import { ModeSchema, orNull, unixSeconds } from './parts.ts';
import { CountsSchema } from './shards.ts';

const replicas = Type.Array(
  Type.Object({
    replica: Type.String({ description: 'name of the pod' }),
    version: Type.String(),
    mode: ModeSchema,
    answers: Type.Boolean({ description: 'whether it answered when it was asked last' }),
  }),
  { description: 'the replicas that are known, each asked every few seconds; by name' },
);

export const StatusSchema = named(
  'ServerStatus',
  'The server itself.',
  Type.Object({
    version: Type.String(),
    uptimeSeconds: Type.Number(),
    mode: ModeSchema,
    ready: Type.Boolean(),
    reasons: Type.Array(Type.String()),
    replicas,
    workloads: CountsSchema,
    shard: Type.Optional(
      Type.String({
        description: 'which of `/api/v1/shards` this server is; absent where it serves all workloads',
      }),
    ),
    archive: Type.Optional(
      Type.Object(
        {
          bytes: Type.Integer({ description: 'size of its file' }),
          series: Type.Integer({ description: 'queries whose demand is kept' }),
          since: orNull(unixSeconds('of the oldest demand')),
          warning: Type.Optional(Type.String({ description: 'why nothing is archived, and what to do' })),
        },
        { description: 'the archive of demand of the replica that answers; absent where it has none' },
      ),
    ),
  }),
);

export type ServerStatus = Static<typeof StatusSchema>;

export const ModeAnswerSchema = named(
  'ModeAnswer',
  'The mode of the kill switch.',
  Type.Object({ mode: ModeSchema, replicas }),
);

export const HealthSchema = named(
  'Health',
  'The process runs.',
  Type.Object({ status: Type.Literal('alive') }),
);
export const ReadySchema = named(
  'Readiness',
  'Whether the server is ready, and what it waits for.',
  Type.Object({ ready: Type.Boolean(), reasons: Type.Array(Type.String()) }),
);
