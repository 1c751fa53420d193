import { Type } from 'typebox';
import { ForescaleError } from '../../../platform/errors.ts';
import { NoParameters } from '../../instance.ts';
import type { Route } from '../route.ts';

const NamedSnapshot = Type.Object({ name: Type.String({ pattern: '^[0-9a-f]{64}$' }) });

/** `GET /api/v1/peers/snapshots/NAME`: what a model of this replica has learned, for a replica that begins anew. */
export const getPeerSnapshotRoute: Route = (app, { peerGuard, peerSide }) => {
  if (peerSide === undefined) return;
  app.get(
    '/api/v1/peers/snapshots/:name',
    { onRequest: peerGuard, schema: { hide: true, params: NamedSnapshot, querystring: NoParameters } },
    async ({ params }, reply) => {
      const bytes = await peerSide.snapshot(params.name);
      if (bytes === undefined) throw new ForescaleError('not-found', 'no model of that name has caught up');
      return reply.type('application/octet-stream').send(Buffer.from(bytes));
    },
  );
};
