import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from './endpoint.ts';
import { sendProblem } from './problem.ts';
import type { Upstream } from './upstream.ts';
import type { Work } from './work.ts';

/** Destinations that form a loop would otherwise call each other until they run out of memory. */
const longestChain = 1_000;

/**
 * `POST /process`: appends the own name to the chain, passes it on where there is a destination, answers with
 * what comes back.
 */
export function processEndpoint(app: string, work: Work, upstream: Upstream | undefined): Endpoint {
  const passOn = async (
    to: Upstream,
    chain: readonly unknown[],
    request: FastifyRequest,
    reply: FastifyReply,
  ) => {
    const answer = await to.process(chain, request.headers);
    if (answer.kind === 'chain') return answer.chain;
    const { code, detail, problem } = answer;
    return sendProblem(reply, app, code, {
      detail,
      chain,
      ...(problem === undefined ? {} : { upstream: problem }),
    });
  };
  return {
    method: 'POST',
    path: '/process',
    meaning:
      'takes a JSON array, appends the name of this app, passes it on to the destination, answers with the chain',
    handler(request, reply) {
      if (!Array.isArray(request.body)) return sendProblem(reply, app, 'not-an-array');
      if (request.body.length >= longestChain) return sendProblem(reply, app, 'chain-too-long');
      const chain: readonly unknown[] = [...request.body, app];
      return work(reply, chain, () =>
        upstream === undefined ? chain : passOn(upstream, chain, request, reply),
      );
    },
  };
}
