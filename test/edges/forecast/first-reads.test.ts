import { afterEach, describe, expect, it } from 'vitest';
import { createForecaster } from '../../../src/forecast/core/index.ts';
import {
  createDemandModels,
  type DemandModels,
  type ModelRequest,
} from '../../../src/forecast/demand-models.ts';
import type { HistorySource, RangeRequest } from '../../../src/history/source.ts';
import { stepsPerRead } from '../../../src/history/tail.ts';
import { silentLogger } from '../../../src/platform/log.ts';

/** Steps of a history that takes three reads. */
const longSteps = 2 * stepsPerRead + 801;
/** A second after a moment at which such a history begins: at a multiple of a fourteenth of its length. */
const now = 1_699_999_201;
const valueAt = (unixSeconds: number) => 50 + 20 * Math.sin(unixSeconds / 3_000);

function request(namespace: string, query: string, historySeconds: number): ModelRequest {
  return {
    source: { address: undefined, namespace, headers: {}, parameters: {}, timeoutMs: undefined },
    query,
    replicasQuery: undefined,
    capacityPerReplica: undefined,
    emptyIsZero: false,
    stepSeconds: 1,
    historySeconds,
    model: {},
  };
}

/** A source with a row at every step, which answers range queries in a later turn, or when the test lets it. */
function createSource(until: Promise<unknown> = Promise.resolve()) {
  const asked: RangeRequest[] = [];
  const source: HistorySource = {
    async range(range) {
      asked.push(range);
      await until;
      const { startSeconds, endSeconds, stepSeconds } = range;
      const rows = Math.round((endSeconds - startSeconds) / stepSeconds) + 1;
      const timestamps = new Float64Array(rows).map((_, row) => startSeconds + row * stepSeconds);
      return { stepSeconds, timestamps, values: timestamps.map(valueAt), warnings: [query(range)] };
    },
    rateWindowSeconds: () => 0,
    queryWarnings: () => [],
    instant: async () => ({ kind: 'value', value: 30, atSeconds: now }),
  };
  return { source, asked };
}

const query = (range: RangeRequest) => range.query;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

let models: DemandModels | undefined;
afterEach(() => models?.close());

function open(source: HistorySource, nameOf = (_: string) => 'fake'): DemandModels {
  models = createDemandModels({
    resolveSource: (wish) => ({ name: nameOf(wish.namespace), source }),
    refreshIntervalSeconds: 10,
    freshSeconds: 15,
    clock: () => now,
    log: silentLogger,
    onRefresh: () => undefined,
  });
  return models;
}

describe('first reads of histories', () => {
  it('take long ones in parts and learn from them what one read would have taught', async () => {
    const { source, asked } = createSource();
    const held = open(source).hold(request('shop', 'long', longSteps - 1), () => undefined);
    await held.firstHistory;
    expect(asked.map((part) => part.endSeconds - part.startSeconds + 1)).toEqual([
      stepsPerRead,
      stepsPerRead,
      longSteps - 2 * stepsPerRead,
    ]);
    expect(held.model.health()).toMatchObject({ rows: longSteps, warnings: ['long'] });
    const whole = createForecaster({ stepSeconds: 1 });
    for (let at = now - longSteps; at < now; at++) whole.observe(at, valueAt(at));
    expect(held.model.forecast({ horizonSteps: 12 })).toEqual(whole.forecast({ horizonSteps: 12 }));
  });

  it('are four at once, two of a namespace, whatever number a namespace waits for', async () => {
    const answer = Promise.withResolvers<void>();
    const { source, asked } = createSource(answer.promise);
    const opened = open(source);
    const hold = (namespace: string, name: string) =>
      opened.hold(request(namespace, name, 3_600), () => undefined).firstHistory;
    const greedy = Array.from({ length: 40 }, (_, index) => hold('greedy', `greedy-${index}`));
    const modest = hold('modest', 'modest');
    const others = [hold('third', 'third'), hold('fourth', 'fourth')];
    await nextTurn();
    expect(asked.map(query)).toEqual(['greedy-0', 'greedy-1', 'modest', 'third']);
    answer.resolve();
    await Promise.all([...greedy, modest, ...others]);
    expect(asked.map(query).indexOf('fourth')).toBeLessThan(6);
    expect(new Set(asked.map(query)).size).toBe(43);
  });

  it('let a short history in between the parts of long ones', async () => {
    const { source, asked } = createSource();
    const opened = open(source);
    const long = ['a', 'b', 'c', 'd'].map((namespace) =>
      opened.hold(request(namespace, `long-${namespace}`, longSteps - 1), () => undefined),
    );
    const short = opened.hold(request('shop', 'short', 3_600), () => undefined);
    await short.firstHistory;
    expect(asked.length).toBeLessThan(12);
    expect(long.map(({ model }) => model.health().rows).every((rows) => rows < longSteps)).toBe(true);
    await Promise.all(long.map(({ firstHistory }) => firstHistory));
  });

  it('of a source that hangs hold back nobody who asks another', async () => {
    const hangs = Promise.withResolvers<void>();
    const { source, asked } = createSource(hangs.promise);
    const opened = open(source, (namespace) => (namespace === 'shop' ? 'good' : 'hanging'));
    for (const namespace of ['a', 'b', 'c', 'd', 'e', 'shop']) {
      opened.hold(request(namespace, namespace, 3_600), () => undefined);
    }
    await nextTurn();
    expect(asked.map(query)).toEqual(['a', 'b', 'c', 'd', 'shop']);
    hangs.resolve();
  });

  it('do not hold back the new rows of histories that were learned', async () => {
    const gate = Promise.withResolvers<void>();
    const first = createSource();
    let present = first.source;
    const opened = open({ ...first.source, range: (range) => present.range(range) });
    const learned = opened.hold(request('shop', 'learned', 3_600), () => undefined);
    await learned.firstHistory;
    const { rows } = learned.model.health();
    present = createSource(gate.promise).source;
    for (const namespace of ['a', 'b', 'c', 'd', 'e']) {
      opened.hold(request(namespace, namespace, 3_600), () => undefined);
    }
    await nextTurn();
    present = first.source;
    await learned.model.refreshHistory(now + 60, new AbortController().signal);
    expect(rows).toBeGreaterThan(3_600);
    expect(learned.model.health().rows).toBe(rows + 60);
    gate.resolve();
  });
});
