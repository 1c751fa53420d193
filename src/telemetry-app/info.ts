import type { Endpoint } from './endpoint.ts';
import type { Work } from './work.ts';

/** `GET /`: who this is, how it is set up, and what can be asked of it. */
export function infoEndpoint(app: string, work: Work, info: () => object): Endpoint {
  return {
    method: 'GET',
    path: '/',
    meaning: 'this page; counts as work, with latency and errors',
    handler: (_, reply) => work(reply, [app], info),
  };
}
