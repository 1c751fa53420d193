import { NoParameters } from '../../instance.ts';
import { ModeSwitchedSchema } from '../../peers.ts';
import type { Route } from '../route.ts';

/** `POST /api/v1/peers/mode`: another replica was told to switch. It is handed on to nobody. */
export const setPeerModeRoute: Route = (app, { guard, peerSide }) => {
  if (peerSide === undefined) return;
  app.post(
    '/api/v1/peers/mode',
    { onRequest: guard, schema: { hide: true, querystring: NoParameters, body: ModeSwitchedSchema } },
    ({ body }) => {
      peerSide.takeMode(body);
      return { mode: peerSide.state().mode };
    },
  );
};
