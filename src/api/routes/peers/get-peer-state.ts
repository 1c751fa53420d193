import { NoParameters } from '../../instance.ts';
import type { Route } from '../route.ts';

/** `GET /api/v1/peers/state`: what another replica asks every few seconds. It is no part of the API for people. */
export const getPeerStateRoute: Route = (app, { peerGuard, peerSide }) => {
  if (peerSide === undefined) return;
  app.get(
    '/api/v1/peers/state',
    { onRequest: peerGuard, schema: { hide: true, querystring: NoParameters } },
    () => peerSide.state(),
  );
};
