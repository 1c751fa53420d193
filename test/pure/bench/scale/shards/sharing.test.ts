import { expect, it } from 'vitest';
import { shardsSetting, triggersOfShards } from '../../../../../bench/scale/shards/sharing.ts';
import { curveOf, curves, risingDemandAt } from '../../../../../bench/scale/source/made-demand.ts';

it('gives each shard as many workloads, the third of both namespaces by its key', () => {
  const byShard = triggersOfShards({ workloads: 60, shapes: 5, history: '2d' });
  expect([...byShard].map(([name, triggers]) => [name, triggers.length])).toEqual([
    ['first', 20],
    ['second', 20],
    ['third', 20],
  ]);
  const facts = [...byShard].map(([, triggers]) => ({
    namespaces: [...new Set(triggers.map(({ ref }) => ref.namespace))].sort(),
    keys: [...new Set(triggers.map(({ ref }) => ref.scalerMetadata?.['shard']))],
    curves: new Set(triggers.map(({ app }) => curveOf(app))).size,
  }));
  // Every demand is in every shard, so that their answers can be compared.
  expect(facts).toEqual([
    { namespaces: ['team-a'], keys: [undefined], curves },
    { namespaces: ['team-b'], keys: [undefined], curves },
    { namespaces: ['team-a', 'team-b'], keys: ['third'], curves },
  ]);
});

it('writes the list of shards with their addresses, and namespaces only of those that own some', () => {
  const ports = new Map([
    ['first', { grpc: 1, http: 2 }],
    ['third', { grpc: 3, http: 4 }],
  ] as const);
  expect(shardsSetting(ports)).toEqual([
    { name: 'first', namespaces: ['team-a'], scalerAddress: '127.0.0.1:1', url: 'http://127.0.0.1:2' },
    { name: 'third', scalerAddress: '127.0.0.1:3', url: 'http://127.0.0.1:4' },
  ]);
});

it('plays a demand that rises for hours after the moment it is told, by more than its noise within minutes', () => {
  const since = 1_780_000_000;
  for (let curve = 0; curve < curves; curve++) {
    for (let minute = 0; minute < 8 * 60; minute += 30) {
      const at = (minutes: number) => risingDemandAt(curve, since + 60 * (minute + minutes), since);
      expect(at(20)).toBeGreaterThan(at(0));
      expect(at(0)).toBeGreaterThan(0);
    }
  }
});
