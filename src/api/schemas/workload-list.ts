import { Type } from 'typebox';
import { attentions } from '../answers/attention.ts';
import { named } from './named.ts';
import { choice, ModeSchema, orNull, StateSchema, unit, unixSeconds } from './parts.ts';

const WorkloadListItemSchema = named(
  'WorkloadListItem',
  'One workload of the list. Numbers are rounded to four significant digits.',
  Type.Object({
    namespace: Type.String(),
    name: Type.String(),
    trigger: Type.Optional(
      Type.String({ description: 'where a ScaledObject has several: tells its triggers apart' }),
    ),
    mode: ModeSchema,
    state: StateSchema,
    attention: choice([...attentions], {
      description:
        'critical = unavailable or blind; warning = distrusted, more of the last week short than is allowed, or a next peak above the maximum of replicas; notice = learning, loading or reactive by choice',
    }),
    reason: Type.Optional(
      Type.String({ description: 'for people: why it wants attention; left out where all is well' }),
    ),
    unit,
    observed: orNull(Type.Number({ description: 'demand now' })),
    signal: orNull(Type.Number({ description: 'what KEDA is told; null = an error' })),
    replicasAsked: orNull(Type.Integer({ description: 'signal ÷ threshold, rounded up' })),
    replicasReady: orNull(Type.Integer({ description: 'by kube-state-metrics; null = not known' })),
    maxReplicas: orNull(Type.Integer({ description: 'of the HPA, by kube-state-metrics' })),
    leadTimeSeconds: Type.Number({ description: 'time from a decision to a ready pod' }),
    achievedService: orNull(
      Type.Number({
        description: 'share of the last week in which the rule that is served carried the demand',
      }),
    ),
    nextPeak: orNull(
      Type.Object(
        { t: unixSeconds('when it is'), replicas: Type.Integer({ description: 'needed then' }) },
        { description: 'highest forecast of the next day, 90 % sure at each moment' },
      ),
    ),
  }),
);

export const WorkloadListSchema = named(
  'WorkloadList',
  'A page of the workloads that match.',
  Type.Object({
    total: Type.Integer({ description: 'workloads that match, on all pages' }),
    byState: Type.Record(Type.String(), Type.Integer(), {
      description: 'number of workloads in each state, of those that match but for `state`',
    }),
    next: orNull(Type.Integer({ description: '`offset` of the next page; null on the last one' })),
    workloads: Type.Array(WorkloadListItemSchema),
  }),
);
