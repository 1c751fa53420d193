import { statesOf } from '../../answers/states-of.ts';
import { answers, NoParameters } from '../../instance.ts';
import { type ShardStanding, ShardsSchema } from '../../schemas/shards.ts';
import type { DescribedShard, ShardSaid } from '../../shards.ts';
import type { Route } from '../route.ts';

/** `GET /api/v1/shards`: the releases that share the workloads of the cluster, each asked once; one that is silent is named. */
export const listShardsRoute: Route = (app, context) => {
  const { directory, ready, serverMode, shards, version } = context;

  async function standingOf(shard: DescribedShard): Promise<ShardStanding> {
    if (shard === shards?.own) {
      const workloads = await statesOf(directory, serverMode);
      const own = { version, mode: serverMode(), ready: ready().ready, workloads };
      return { ...described(shard), own: true, answers: true, ...own };
    }
    const said: ShardSaid = (await shards?.look(shard.name)) ?? { error: 'nobody asks it' };
    return { ...described(shard), own: false, ...toldBy(said) };
  }

  app.get(
    '/api/v1/shards',
    {
      schema: {
        operationId: 'listShards',
        summary: 'The releases that share the workloads of the cluster, and how each stands',
        tags: ['server'],
        querystring: NoParameters,
        response: answers(ShardsSchema),
      },
    },
    async () => ({ shards: await Promise.all((shards?.all ?? []).map(standingOf)) }),
  );
};

function described({ name, namespaces = [], scalerAddress, url }: DescribedShard) {
  return { name, namespaces: [...namespaces], scalerAddress, url: url ?? null };
}

function toldBy(said: ShardSaid) {
  if ('error' in said) {
    return { answers: false, error: said.error, version: null, mode: null, ready: null, workloads: null };
  }
  const { version, mode, ready, workloads } = said.status;
  return { answers: true, version, mode, ready, workloads };
}
