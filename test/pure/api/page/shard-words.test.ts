import { describe, expect, it } from 'vitest';
import { rowWords } from '../../../../src/api/page/overview/row-words.js';
import { mergedList, shardWords } from '../../../../src/api/page/overview/shard-words.js';

const item = (name: string, attention: string) => ({ namespace: 'shop', name, attention });
const list = (...workloads: readonly object[]) => ({
  total: workloads.length,
  byState: { trusted: workloads.length },
  workloads,
});

describe('the list of several shards', () => {
  const merged = mergedList(
    [
      { name: 'front', own: true, list: list(item('b', 'warning'), item('c', 'ok')) },
      { name: 'back', own: false, list: list(item('a', 'ok'), item('z', 'critical')) },
      { name: 'mail', own: false, list: undefined },
    ],
    3,
  );

  it('has the worst of all first, says whose each is, and counts all', () => {
    expect(
      merged.workloads.map(({ name, shard }: { name: string; shard?: string }) => `${name} ${shard}`),
    ).toEqual(['z back', 'b undefined', 'a back']);
    expect(merged).toMatchObject({ total: 4, byState: { trusted: 4 } });
  });

  it('names a shard that does not answer', () => {
    expect(shardWords(merged.shards)).toBe(
      'Shards: front (this server) 2, back 2. Workloads of mail are not shown, because it does not answer.',
    );
    expect(shardWords(merged.shards.slice(0, 2))).toBe('Shards: front (this server) 2, back 2.');
    expect(shardWords([])).toBe('');
  });
});

it('links to a workload of another shard by that shard', () => {
  const workload = { ...item('web', 'ok'), shard: 'back', nextPeak: null, maxReplicas: null };
  expect(rowWords(workload, 0).href).toBe('#/shop/web?shard=back');
});
