import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { problems } from '../instance.ts';
import { findWorkload, WorkloadPath, workloadQuery } from '../routes/find-workload.ts';
import type { Route } from '../routes/route.ts';
import { createEventStreams } from './event-streams.ts';
import { createLiveChanges } from './live-changes.ts';

const response = {
  200: {
    description:
      'Server-sent events, each with JSON in `data`: `decision` (an entry of the list of workloads, and `at`) where a new decision says something else, `row` (`newestRowAt`) where there is a new row of the history, `gone` where a workload is known no longer.',
    content: { 'text/event-stream': { schema: Type.String() } },
  },
  ...problems,
};

/** `GET /api/v1/stream` and `GET …/{name}/stream`: what is new, as it comes, so that nobody has to ask again and again. */
export const streamChangesRoute: Route = (app, context) => {
  const { directory, limits } = context;
  const changes = createLiveChanges(context, limits.streamLookMs);
  const streams = createEventStreams(changes, limits);
  app.addHook('preClose', (done) => {
    streams.close();
    done();
  });

  app.get(
    '/api/v1/stream',
    {
      // HEAD would open a stream that nobody reads.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamChanges',
        summary: 'New decisions and rows of all workloads, as they come',
        description: 'Read the list of workloads first: the stream tells what changes after it.',
        tags: ['workloads'],
        querystring: Type.Object(
          {
            namespace: Type.Optional(Type.String({ description: 'only of this namespace', maxLength: 253 })),
          },
          { additionalProperties: false },
        ),
        response,
      },
    },
    ({ query: { namespace } }, reply) => {
      const stream = streams.open((workload) => namespace === undefined || workload.namespace === namespace);
      return sendEvents(reply, stream) as never;
    },
  );

  app.get(
    '/api/v1/workloads/:namespace/:name/stream',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamWorkload',
        summary: 'New decisions and rows of a workload, as they come',
        description: 'The decision of now is the first event.',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({}),
        response,
      },
    },
    ({ params, query }, reply) => {
      const workload = findWorkload(directory, params, query.trigger);
      const { namespace, name, trigger } = workload;
      const stream = streams.open(
        (other) => other.namespace === namespace && other.name === name && other.trigger === trigger,
        [changes.decisionOf(workload)],
      );
      return sendEvents(reply, stream) as never;
    },
  );
};

/** Proxies are told to pass events on as they come. */
function sendEvents(reply: FastifyReply, stream: Readable): FastifyReply {
  return reply
    .type('text/event-stream')
    .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    .send(stream);
}
