import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benchmarkDocument } from '../../../bench/document.ts';
import { syntheticPack } from '../../../bench/replay/synthetic-pack.ts';

describe('the document of the benchmark', () => {
  it('has figures of real traces with the day and the command they come from', () => {
    const text = readFileSync(benchmarkDocument, 'utf8');
    const measured = text.slice(text.indexOf('<!-- traces -->'));
    expect(measured).toMatch(/Measured \d{4}-\d\d-\d\d .* with `node bench\/main.ts/);
    expect(measured).toContain('### The bars');
  });
});

describe('the made series', () => {
  it('are the same whenever they are made', () => {
    const [one, two] = [syntheticPack(), syntheticPack()];
    expect(one).toHaveLength(6);
    expect(two.map(({ trace }) => trace.history.values)).toEqual(
      one.map(({ trace }) => trace.history.values),
    );
  });

  it('cover three weeks each, with values that demand can have', () => {
    for (const { trace } of syntheticPack()) {
      expect(trace.days).toBe(21);
      expect(trace.history.values.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    }
  });
});
