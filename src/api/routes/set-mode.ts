import { Type } from 'typebox';
import { answers, NoParameters } from '../instance.ts';
import { named } from '../schemas/named.ts';
import { ModeSchema } from '../schemas/parts.ts';
import { ModeAnswerSchema } from '../schemas/server.ts';
import type { Route } from './route.ts';

/** `POST /api/v1/mode`: the kill switch, where the server has one. */
export const setModeRoute: Route = (app, { guard, modeSwitch, replicas = () => [] }) => {
  if (modeSwitch === undefined) return;
  app.post(
    '/api/v1/mode',
    {
      onRequest: guard,
      schema: {
        operationId: 'setMode',
        summary: 'Kill switch: make every signal reactive at once, or let the forecast decide again',
        description:
          'Every replica takes the newest switch. `replicas` says which of them have it already; one that does not answer takes it within seconds of answering again.',
        tags: ['server'],
        security: [{ token: [] }],
        querystring: NoParameters,
        body: named(
          'ModeRequest',
          'The mode that is wanted.',
          Type.Object({ mode: ModeSchema }, { additionalProperties: false }),
        ),
        response: answers(ModeAnswerSchema),
      },
    },
    async ({ body }) => {
      await modeSwitch.setMode(body.mode);
      return { mode: modeSwitch.mode(), replicas: replicas() };
    },
  );
};
