import type { Work } from './capacity/work.ts';
import type { Endpoint } from './http/endpoint.ts';
import { ref } from './http/openapi-schemas.ts';

/** `GET /`: who this is, how it is set up, and what can be asked of it. */
export function infoEndpoint(app: string, work: Work, info: () => object): Endpoint {
  return {
    method: 'GET',
    path: '/',
    meaning: 'this page; counts as work, with latency and errors',
    contract: { answers: { 200: { 'application/json': ref('Info') } } },
    handler: (_, reply) => work(reply, [app], info),
  };
}
