import { describe, expect, it } from 'vitest';
import { callsLeft, shareOfCalls } from '../../../src/telemetry-app/chain/call-budget.ts';
import { type Call, readCall } from '../../../src/telemetry-app/chain/call-tree.ts';

const leaf: Call = { name: 'c', instance: 'c-1', status: 200, durationMs: 2, ownMs: 1.5, calls: [] };
const chainOf = (depth: number): Call => (depth === 1 ? leaf : { ...leaf, calls: [chainOf(depth - 1)] });

describe('a call tree another app tells', () => {
  it('is read as it is, without what belongs to no tree', () => {
    const failed: Call = { ...leaf, url: 'http://c', status: null, error: { code: 'x', detail: 'y' } };
    const tree: Call = { ...leaf, name: 'b', calls: [leaf, failed] };
    expect(readCall({ ...tree, secret: 'kept out' })).toEqual(tree);
  });

  it.each([
    ['no object', 'c'],
    ['no name', { ...leaf, name: undefined }],
    ['a time that is no number', { ...leaf, durationMs: '2' }],
    ['a time below zero', { ...leaf, ownMs: -1 }],
    ['no list of calls', { ...leaf, calls: {} }],
    ['a call that is none', { ...leaf, calls: [leaf, null] }],
    ['a status that is none', { ...leaf, status: 'fine' }],
  ])('with %s is none', (_, value) => {
    expect(readCall(value)).toBeUndefined();
  });

  it('is bounded in depth, in size and in its texts', () => {
    expect(readCall(chainOf(256))).toEqual(chainOf(256));
    expect(readCall(chainOf(257))).toBeUndefined();
    expect(readCall({ ...leaf, calls: new Array(999).fill(leaf) })?.calls).toHaveLength(999);
    expect(readCall({ ...leaf, calls: new Array(1_000).fill(leaf) })).toBeUndefined();
    const long = { ...leaf, name: 'n'.repeat(5_000), error: { code: 'e'.repeat(5_000), detail: 7 } };
    const read = readCall(long);
    expect(read?.name).toHaveLength(300);
    expect(read?.error?.code).toHaveLength(300);
    expect(read?.error?.detail).toBe('');
  });
});

describe('the budget of calls', () => {
  it('begins at two hundred, and no header raises it', () => {
    for (const value of [undefined, '', 'many', '-1', '1e3', '100000', '9999', '200']) {
      expect(callsLeft(value === undefined ? {} : { 'x-calls-left': value })).toBe(200);
    }
    expect(callsLeft({ 'x-calls-left': '0' })).toBe(0);
    expect(callsLeft({ 'x-calls-left': '7' })).toBe(7);
  });

  it.each([1, 2, 3, 5, 10])(
    'ends destinations that form a loop, %d at every app, within two hundred calls',
    (destinations) => {
      const calls = (left: number): number => {
        if (left < destinations) return 0;
        const share = Number(shareOfCalls(left, destinations)['x-calls-left']);
        return destinations * (1 + calls(share));
      };
      expect(calls(callsLeft({}))).toBeGreaterThanOrEqual(Math.max(100, destinations));
      expect(calls(callsLeft({}))).toBeLessThanOrEqual(200);
    },
  );
});
