import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { problems } from '../../instance.ts';
import { mostKeys } from '../../peers.ts';
import type { Route } from '../route.ts';

/** `GET /api/v1/known-workloads`: what another replica needs to answer as this one does; without a token, of triggers without secrets. */
export const getKnownWorkloadsRoute: Route = (app, { peerGuard, knownLines }) => {
  if (knownLines === undefined) return;
  app.get(
    '/api/v1/known-workloads',
    {
      onRequest: peerGuard,
      schema: {
        operationId: 'getKnownWorkloads',
        summary: 'Triggers that KEDA asks this replica for, for another replica',
        tags: ['server'],
        security: [{ token: [] }],
        querystring: Type.Object(
          {
            keys: Type.Optional(
              Type.String({
                description: `only those with these keys, comma-separated, at most ${mostKeys}`,
                maxLength: 17 * mostKeys,
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          ...problems,
          200: {
            description:
              'one JSON object a line: namespace, name, scalerMetadata, askedAt (unix seconds), key',
            content: { 'application/x-ndjson': { schema: Type.Any() } },
          },
        },
      },
    },
    ({ query }, reply) =>
      reply.type('application/x-ndjson').send(Readable.from(knownLines(query.keys?.split(',')))),
  );
};
