import type { Endpoint } from './endpoint.ts';
import { ref } from './openapi-schemas.ts';
import type { Work } from './work.ts';

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
