import { ForescaleError, invalidField } from '../../platform/errors.ts';
import type { ApiInstance } from '../instance.ts';
import type { ShardsSide } from '../shards.ts';

/** Reads that are forwarded: what is about workloads, but for streams, which do not end. */
const forwarded = /^\/api\/v1\/(?:workloads|events|status)(?:\/|$)/;
const streamed = /\/stream$/;
/** Reads of other shards that are under way at once; one more is refused. */
const mostAtOnce = 64;

/**
 * Answers a read with `?shard=NAME` with what that shard answers to it without the parameter, so that one page shows the workloads of all
 * of them. Whoever may read this server reads the others: neither needs a token, and none is handed on.
 */
export function forwardToShards(app: ApiInstance, shards: ShardsSide | undefined): void {
  if (shards === undefined) return;
  const names = shards.all.map(({ name }) => name);
  let underWay = 0;

  async function answerOf(shard: string, target: string, accept: string | undefined) {
    if (underWay >= mostAtOnce) {
      throw new ForescaleError('overloaded', 'too many reads of other shards are under way; try again');
    }
    underWay++;
    try {
      return await shards?.read(shard, target, accept);
    } finally {
      underWay--;
    }
  }

  app.addHook('onRequest', async (request, reply) => {
    const route = request.routeOptions.url ?? '';
    const query = request.query as Record<string, unknown>;
    const { shard } = query;
    if (shard === undefined || request.method !== 'GET' || !forwarded.test(route) || streamed.test(route))
      return;
    if (typeof shard !== 'string' || !names.includes(shard)) {
      throw invalidField('shard', `shard: no shard has that name; use one of ${names.join(', ')}`);
    }
    // The routes know no such parameter.
    delete query['shard'];
    if (shard === shards.own.name) return;
    const [path = '', text = ''] = request.url.split('?');
    const parameters = new URLSearchParams(text);
    parameters.delete('shard');
    const target = parameters.size === 0 ? path : `${path}?${parameters}`;
    const answer = await answerOf(shard, target, request.headers.accept);
    return reply
      .code(answer?.status ?? 502)
      .type(answer?.contentType ?? 'text/plain')
      .send(answer?.text);
  });
}
