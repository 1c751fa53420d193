import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { NoParameters, problems } from '../instance.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/known-workloads`: what another replica needs to answer as this one does. */
export const getKnownWorkloadsRoute: Route = (app, { guard, knownLines }) => {
  if (knownLines === undefined) return;
  app.get(
    '/api/v1/known-workloads',
    {
      onRequest: guard,
      schema: {
        operationId: 'getKnownWorkloads',
        summary: 'Triggers that KEDA asks this replica for, for a replica that starts',
        tags: ['server'],
        security: [{ token: [] }],
        querystring: NoParameters,
        response: {
          ...problems,
          200: {
            description: 'one JSON object a line: namespace, name, scalerMetadata, askedAt (unix seconds)',
            content: { 'application/x-ndjson': { schema: Type.Any() } },
          },
        },
      },
    },
    (_request, reply) => reply.type('application/x-ndjson').send(Readable.from(knownLines())),
  );
};
