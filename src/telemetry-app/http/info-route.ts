import { type Static, Type } from 'typebox';
import { type Answer, refTo, type TypedInstance } from '../../platform/http/typed-routes.ts';
import { described } from './described.ts';
import type { Work } from './work.ts';

/** A route as the info page lists it. */
const EndpointSchema = Type.Object({ method: Type.String(), path: Type.String(), meaning: Type.String() });

export type Endpoint = Static<typeof EndpointSchema>;

export const InfoSchema = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    instance: Type.String(),
    destination: Type.Union([Type.String(), Type.Null()]),
    seed: Type.Integer(),
    uptimeSeconds: Type.Integer({ minimum: 0 }),
    endpoints: Type.Array(EndpointSchema),
  },
  { $id: 'Info' },
);

/** `GET /`: who this app is, how it is set up, and what can be asked of it. */
export function registerInfoRoute(
  server: TypedInstance,
  app: string,
  work: Work,
  info: () => Answer<typeof InfoSchema>,
): void {
  const route = described('this page; counts as work, with latency and errors', {
    200: refTo<unknown>('Info'),
  });
  server.get('/', route, async (request, reply) => {
    const end = await work(request, reply, [app]);
    end();
    return info();
  });
}
