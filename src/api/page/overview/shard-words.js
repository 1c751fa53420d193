import { formatNumber } from '../words.js';

/** From worst to best, as the server sorts. */
const attentions = ['critical', 'warning', 'notice', 'ok'];

/** The lists of several shards as one, worst first, at most `limit` rows; `list` is undefined of a shard that does not answer. */
export function mergedList(shards, limit) {
  const byState = {};
  let total = 0;
  const workloads = shards.flatMap(({ name, own, list }) => {
    if (list === undefined) return [];
    total += list.total;
    for (const [state, count] of Object.entries(list.byState)) byState[state] = (byState[state] ?? 0) + count;
    return own ? list.workloads : list.workloads.map((workload) => ({ ...workload, shard: name }));
  });
  workloads.sort(byAttention);
  const named = shards.map(({ name, own, list }) => ({ name, own, total: list?.total }));
  return { total, byState, workloads: workloads.slice(0, limit), shards: named };
}

function byAttention(a, b) {
  const nameOf = ({ namespace, name }) => `${namespace}/${name}`;
  return (
    attentions.indexOf(a.attention) - attentions.indexOf(b.attention) || (nameOf(a) < nameOf(b) ? -1 : 1)
  );
}

/** What the list is made of: `Shards: front (this server) 10, back 20. Workloads of mail are not shown, because it does not answer.` */
export function shardWords(shards) {
  if (shards.length < 2) return '';
  const known = shards.filter(({ total }) => total !== undefined);
  const silent = shards.filter(({ total }) => total === undefined).map(({ name }) => name);
  const counted = known.map(
    ({ name, own, total }) => `${name}${own ? ' (this server)' : ''} ${formatNumber(total)}`,
  );
  const missing =
    silent.length === 0
      ? ''
      : ` Workloads of ${silent.join(', ')} are not shown, because ${silent.length === 1 ? 'it does' : 'they do'} not answer.`;
  return `Shards: ${counted.join(', ')}.${missing}`;
}
