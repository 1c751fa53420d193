import { describe, expect, it } from 'vitest';
import { selectorOf } from '../../../../src/scaler/cluster-facts/cluster-metrics.ts';
import { type Hpa, hpaFinder } from '../../../../src/scaler/cluster-facts/hpas.ts';
import { namespaceBatches } from '../../../../src/scaler/cluster-facts/namespace-batches.ts';
import {
  renewed,
  replicasOf,
  type SeenHpa,
  targetOf,
} from '../../../../src/scaler/cluster-facts/workload-facts.ts';

const now = 1_800_000_000;

function hpa(name: string, target: string, more: Partial<Hpa> = {}): Hpa {
  return {
    name,
    target: { namespace: 'shop', kind: 'Deployment', name: target },
    scaledObject: undefined,
    fewest: 2,
    most: 20,
    current: 7,
    desired: 8,
    toleranceUp: 0.05,
    toleranceDown: undefined,
    atSeconds: now - 25,
    ...more,
  };
}

describe('the HPA of a ScaledObject', () => {
  it('is the one that KEDA names after it, else one that scales an object of its name', () => {
    const find = hpaFinder([hpa('keda-hpa-web', 'frontend'), hpa('own', 'web'), hpa('other', 'api')]);
    expect(find('shop', 'web')?.name).toBe('keda-hpa-web');
    expect(find('shop', 'api')?.name).toBe('other');
    expect(find('shop', 'frontend')?.name).toBe('keda-hpa-web');
    expect(find('other', 'web')).toBeUndefined();
    expect(find('shop', 'none')).toBeUndefined();
  });

  it('is the one that says so by its label, and never one that says another', () => {
    const find = hpaFinder([
      hpa('custom', 'frontend', { scaledObject: 'web' }),
      hpa('keda-hpa-api', 'web', { scaledObject: 'api-v2' }),
    ]);
    expect(find('shop', 'web')?.name).toBe('custom');
    expect(find('shop', 'api')).toBeUndefined();
    expect(find('shop', 'api-v2')?.name).toBe('keda-hpa-api');
  });
});

describe('what was seen of an HPA', () => {
  const seen: SeenHpa = { hpa: hpa('keda-hpa-web', 'frontend'), ready: 6, atSeconds: now };

  it('holds for a quarter of an hour while it is not seen, without its counts', () => {
    const held = renewed(seen, undefined, now + 900);
    expect(held?.hpa).toMatchObject({ toleranceUp: 0.05, most: 20, current: undefined, desired: undefined });
    expect(replicasOf(held)).toBeUndefined();
    expect(renewed(held, undefined, now + 901)).toBeUndefined();
    const newer = { ...seen, atSeconds: now + 60 };
    expect(renewed(seen, newer, now + 60)).toBe(newer);
  });

  it('says how many replicas there are, as of its sample', () => {
    expect(replicasOf(seen)).toEqual({
      current: 7,
      desired: 8,
      ready: 6,
      fewest: 2,
      most: 20,
      atSeconds: now - 25,
    });
  });

  it('says which pods are those of the workload, which without it are those of the Deployment of its name', () => {
    expect(targetOf(seen, 'shop', 'web')).toEqual({
      namespace: 'shop',
      kind: 'Deployment',
      name: 'frontend',
    });
    expect(targetOf(undefined, 'shop', 'web')).toMatchObject({ kind: 'Deployment', name: 'web' });
  });
});

describe('a batch of queries', () => {
  it('is about namespaces by their names, in which a dot is a dot, and what the configuration adds', () => {
    expect(selectorOf(['shop'])).toBe('namespace=~"shop"');
    expect(selectorOf(['shop', 'a.b'], 'cluster="eu"')).toBe(
      String.raw`namespace=~"shop|a\\.b",cluster="eu"`,
    );
  });

  it('is about no more than 500 workloads, unless one namespace has more', () => {
    const counts = new Map([
      ['a', 300],
      ['b', 200],
      ['c', 1],
      ['d', 900],
      ['e', 2],
    ]);
    expect(namespaceBatches(counts)).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
    const many = new Map(Array.from({ length: 250 }, (_, index) => [`n${index}`, 1]));
    expect(namespaceBatches(many).map(({ length }) => length)).toEqual([100, 100, 50]);
  });
});
