import { describe, expect, it } from 'vitest';
import { parseServerFile } from '../../../../src/server/config.ts';
import { readShards } from '../../../../src/server/shards/read-shards.ts';

const front = { name: 'front', namespaces: ['shop'], scalerAddress: 'forescale-front:6000' };
const back = { name: 'back', scalerAddress: 'forescale-back:6000', url: 'http://forescale-back:8080' };
const read = (file: object) => readShards(parseServerFile(JSON.stringify(file), 'forescale.yaml'));

describe('the shards of a configuration', () => {
  it('are the same list for every release, of which one is its own', () => {
    expect(read({ shard: 'back', shards: [front, back] })).toEqual({ own: back, all: [front, back] });
    expect(read({})).toBeUndefined();
  });

  it('say everything that contradicts itself at once', () => {
    const faults = (file: object) => {
      try {
        return read(file);
      } catch (error) {
        return (error as { fieldErrors: readonly { message: string }[] }).fieldErrors.map(
          ({ message }) => message,
        );
      }
    };
    expect(faults({ shards: [front] })).toEqual(['shard: say which of shards this release is']);
    expect(faults({ shard: 'front' })).toEqual(['shard: no entry of shards is named front']);
    const again = { ...front, scalerAddress: 'other:6000' };
    expect(faults({ shard: 'bank', shards: [front, back, again] })).toEqual([
      'shard: no entry of shards is named bank',
      'shards[2].name: another shard is named front too',
      'shards[2].namespaces: shop is of shard front already',
    ]);
  });

  it.each([
    { name: 'Front' },
    { scalerAddress: 'http://forescale:6000' },
    { scalerAddress: 'forescale' },
    { url: 'forescale:8080' },
  ])('refuse %o', (wrong) => {
    expect(() => read({ shard: 'front', shards: [{ ...front, ...wrong }] })).toThrow(/shards/);
  });
});
