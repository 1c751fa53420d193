import { Type } from 'typebox';
import { recordedEvents } from '../answers/events/recorded-events.ts';
import { answers } from '../instance.ts';
import { EventsSchema } from '../schemas/events.ts';
import { findRecorded, recordOf, WorkloadPath, workloadQuery } from './find-workload.ts';
import { Duration, secondsOf } from './parameters.ts';
import type { Route } from './route.ts';

const daySeconds = 86_400;
const range = Type.Optional(Duration('how far back (default 24h)', { maximumSeconds: 30 * daySeconds }));

/** `GET /api/v1/events`: what changed lately for all workloads and the server, from memory. */
export const listEventsRoute: Route = (app, { clock, events }) => {
  if (events === undefined) return;
  app.get(
    '/api/v1/events',
    {
      schema: {
        operationId: 'listEvents',
        summary: 'What changed for all workloads and the server, oldest first',
        description:
          'The newest 5,000 events since the replicas started. The events of one workload go back 30 days and survive restarts.',
        tags: ['server'],
        querystring: Type.Object(
          {
            range,
            namespace: Type.Optional(Type.String({ description: 'only of this namespace', maxLength: 253 })),
            limit: Type.Integer({
              description: 'most events of the answer, the newest ones',
              minimum: 1,
              maximum: 5_000,
              default: 1_000,
            }),
          },
          { additionalProperties: false },
        ),
        response: answers(EventsSchema),
      },
    },
    async ({ query }) => {
      const to = clock();
      const from = to - secondsOf(query.range, daySeconds);
      const all = await events(from);
      const wanted = all.filter(({ namespace }) => [undefined, namespace].includes(query.namespace));
      return { from, to, events: wanted.slice(-query.limit) };
    },
  );
};

/** `GET /api/v1/workloads/{namespace}/{name}/events`: what changed for one workload, from the record. */
export const listWorkloadEventsRoute: Route = (app, context) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/events',
    {
      schema: {
        operationId: 'listWorkloadEvents',
        summary: 'What changed for a workload, from the record of its decisions, oldest first',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({ range }),
        response: answers(EventsSchema),
      },
    },
    async ({ params, query }) => {
      const record = recordOf(context.record);
      const to = context.clock();
      const from = to - secondsOf(query.range, daySeconds);
      const key = await findRecorded({ ...context, record }, params, query.trigger);
      return { from, to, events: await recordedEvents(record, key, { fromSeconds: from, toSeconds: to }) };
    },
  );
};
