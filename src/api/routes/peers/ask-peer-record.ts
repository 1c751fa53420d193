import { NoParameters } from '../../instance.ts';
import { answerRecord, RecordQuestionSchema } from '../../peers.ts';
import type { Route } from '../route.ts';

/** `POST /api/v1/peers/record`: what this replica alone has on record. It asks no other one. */
export const askPeerRecordRoute: Route = (app, { peerGuard, peerSide }) => {
  if (peerSide === undefined) return;
  app.post(
    '/api/v1/peers/record',
    { onRequest: peerGuard, schema: { hide: true, querystring: NoParameters, body: RecordQuestionSchema } },
    ({ body }) => answerRecord(peerSide, body),
  );
};
