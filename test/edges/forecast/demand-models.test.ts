import { afterEach, describe, expect, it } from 'vitest';
import {
  createDemandModels,
  type DemandModels,
  type ModelRequest,
} from '../../../src/forecast/demand-models.ts';
import { phaseOf } from '../../../src/forecast/refresh-loop.ts';
import type { History, HistorySource, InstantResult } from '../../../src/history/source.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { silentLogger } from '../../../src/platform/log.ts';

const request: ModelRequest = {
  source: { address: undefined, namespace: 'shop', headers: {}, parameters: {}, timeoutMs: undefined },
  query: 'demand',
  replicasQuery: undefined,
  capacityPerReplica: undefined,
  emptyIsZero: false,
  stepSeconds: 60,
  historySeconds: 28 * 86_400,
  model: {},
};
/** When the intervals of the request's loops begin. */
const phase = phaseOf('fake shop', request.query, 10);
/** A moment within a refresh interval, five seconds after it began. */
const now = 1_700_000_005 + phase;

interface FakeSource extends HistorySource {
  readonly asked: { readonly query: string; readonly atSeconds: number }[];
  answer: (query: string) => InstantResult | ForescaleError;
  history: () => Promise<History>;
}

function createFakeSource(): FakeSource {
  const source: FakeSource = {
    asked: [],
    answer: () => ({ kind: 'value', value: 30, atSeconds: now }),
    history: async () => ({
      stepSeconds: 60,
      timestamps: new Float64Array(),
      values: new Float64Array(),
      warnings: [],
    }),
    range: () => source.history(),
    rateWindowSeconds: () => 120,
    async instant({ query, atSeconds }) {
      source.asked.push({ query, atSeconds });
      const answer = source.answer(query);
      if (answer instanceof ForescaleError) throw answer;
      return answer;
    },
  };
  return source;
}

let models: DemandModels | undefined;
afterEach(() => models?.close());

function open(source: HistorySource, clock = () => now): DemandModels {
  models = createDemandModels({
    resolveSource: () => ({ name: 'fake', source }),
    refreshIntervalSeconds: 10,
    freshSeconds: 15,
    clock,
    log: silentLogger,
    onRefresh: () => undefined,
  });
  return models;
}

describe('demand models', () => {
  it('are shared by all who ask for the same source, query and step, and asked for once', async () => {
    const source = createFakeSource();
    const opened = open(source);
    const holders = [1, 2, 3].map(() => opened.hold(request, () => undefined));
    await Promise.all(holders.map((held) => held.firstObserved));
    expect(source.asked).toHaveLength(1);
    expect(new Set(holders.map(({ model }) => model)).size).toBe(1);
    const other = opened.hold({ ...request, query: 'other' }, () => undefined);
    expect(other.model).not.toBe(holders[0]?.model);
  });

  it('stop refreshing when nobody holds them any more', () => {
    const source = createFakeSource();
    const signals: (AbortSignal | undefined)[] = [];
    const instant: HistorySource['instant'] = (asked) => {
      signals.push(asked.signal);
      return source.instant(asked);
    };
    const opened = open({ ...source, instant });
    const [first, second] = [opened.hold(request, () => undefined), opened.hold(request, () => undefined)];
    first.release();
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
    second.release();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(opened.hold(request, () => undefined).model).not.toBe(first.model);
  });

  it('ask at a quantised time, so that replicas that ask in the same interval get the same answer', async () => {
    const source = createFakeSource();
    await open(source, () => now).hold(request, () => undefined).firstObserved;
    await open(source, () => now + 4.5).hold(request, () => undefined).firstObserved;
    expect(source.asked.map(({ atSeconds }) => atSeconds)).toEqual([now - 5, now - 5]);
  });

  it('keep what went wrong, in words, and the last value that was good', async () => {
    const source = createFakeSource();
    const held = open(source).hold(request, () => undefined);
    await held.firstObserved;
    source.answer = () =>
      new ForescaleError('source-timeout', 'http://prometheus:9090 did not answer within 5 s');
    await held.model.refreshObserved(now, new AbortController().signal);
    expect(held.model.observed()?.value).toBe(30);
    expect(held.model.health().lastError).toMatchObject({ code: 'source-timeout' });
  });

  it('go on with the newest answer when the clock was ahead and came back', async () => {
    let time = now + 86_400;
    const source = createFakeSource();
    const held = open(source, () => time).hold(request, () => undefined);
    await Promise.all([held.firstObserved, held.firstHistory]);
    time = now;
    source.answer = () => ({ kind: 'value', value: 90, atSeconds: now });
    await held.model.refreshObserved(now, new AbortController().signal);
    expect(held.model.observed()).toMatchObject({ value: 90, atSeconds: now });
  });

  it('leave no interval out when a timer fires a little early, and survive a listener that fails', async () => {
    // The whole interval after the one that began a quarter of a second before.
    const begin = 1_700_000_000 + phaseOf('fake shop', request.query, 0.25);
    let time = begin + 0.25;
    const source = createFakeSource();
    models = createDemandModels({
      resolveSource: () => ({ name: 'fake', source }),
      refreshIntervalSeconds: 0.25,
      freshSeconds: 15,
      clock: () => time,
      log: silentLogger,
      onRefresh: () => undefined,
    });
    const held = models.hold(request, () => {
      throw new Error('a decision that fails');
    });
    await Promise.all([held.firstObserved, held.firstHistory]);
    // The timer fires half a millisecond early.
    time = begin + 0.5 + 0.025 - 0.0005;
    await expect.poll(() => source.asked.length).toBeGreaterThan(1);
    expect(source.asked.map(({ atSeconds }) => atSeconds).slice(0, 2)).toEqual([begin, begin + 0.5]);
  });

  it('ask less often while a query fails, not before the source allows it, and as ever once it succeeds', async () => {
    const source = createFakeSource();
    const times: number[] = [];
    let answer: InstantResult | ForescaleError = new ForescaleError('source-timeout', 'too slow');
    source.answer = () => {
      times.push(performance.now());
      return answer;
    };
    models = createDemandModels({
      resolveSource: () => ({ name: 'fake', source }),
      refreshIntervalSeconds: 0.1,
      freshSeconds: 15,
      clock: () => Date.now() / 1000,
      log: silentLogger,
      onRefresh: () => undefined,
    });
    models.hold(request, () => undefined);
    /** Milliseconds between the newest attempts, once there were so many more. */
    const next = async (count: number) => {
      const wanted = times.length + count;
      await expect.poll(() => times.length, { interval: 5 }).toBeGreaterThanOrEqual(wanted);
      const newest = times.slice(wanted - count - 1, wanted);
      return newest.slice(1).map((at, index) => at - (newest[index] ?? 0));
    };
    const [, , ...failing] = await next(5);
    // An attempt that a busy machine makes late shortens the wait after it, but not all three together.
    expect(failing.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(750);
    answer = new ForescaleError('source-unreachable', '429', { retryAfterSeconds: 0.6 });
    const [, ...limited] = await next(3);
    for (const wait of limited) expect(wait).toBeGreaterThan(590);
    answer = { kind: 'value', value: 30, atSeconds: now };
    const [, ...well] = await next(4);
    // The machine may be slow, so that one interval may be missed, but not all of them.
    expect(Math.min(...well)).toBeLessThan(190);
  });

  it('begin refreshes that are due at the same moment in turns of the event loop', async () => {
    const source = createFakeSource();
    const turns: number[] = [];
    let turn = 0;
    const count = 60;
    source.answer = () => {
      // What asking a source takes: a millisecond of a core, here.
      const untilMs = performance.now() + 1;
      while (performance.now() < untilMs);
      turns.push(turn);
      return { kind: 'value', value: 30, atSeconds: now };
    };
    models = createDemandModels({
      resolveSource: () => ({ name: 'fake', source }),
      refreshIntervalSeconds: 0.5,
      freshSeconds: 15,
      clock: () => Date.now() / 1000,
      log: silentLogger,
      onRefresh: () => undefined,
    });
    for (let index = 0; index < count; index++)
      models.hold({ ...request, query: `demand ${index}` }, () => undefined);
    turns.length = 0;
    const next = () => {
      turn++;
      if (turns.length < 2 * count) setImmediate(next);
    };
    next();
    await expect.poll(() => turns.length).toBeGreaterThanOrEqual(2 * count);
    const perTurn = [...Map.groupBy(turns, (at) => at).values()].map(({ length }) => length);
    // A slice is 2 ms and ends with the refresh that exceeds it; two slices may fall between two counts.
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(6);
  });

  it('say why there is no history, while observing goes well', async () => {
    const source = createFakeSource();
    source.history = async () => {
      throw new ForescaleError('invalid-argument', 'too many points; choose a longer step');
    };
    const held = open(source).hold(request, () => undefined);
    await Promise.all([held.firstObserved, held.firstHistory]);
    await held.model.refreshObserved(now, new AbortController().signal);
    expect(held.model.health().lastError?.message).toContain('choose a longer step');
    expect(held.model.peak({ windowSeconds: 600 })).toMatchObject({
      reasons: [{ message: expect.stringContaining('choose a longer step') }],
    });
  });

  it('call a refresh that was told to stop no failure', async () => {
    const source = createFakeSource();
    const held = open(source).hold(request, () => undefined);
    await Promise.all([held.firstObserved, held.firstHistory]);
    const stopped = AbortSignal.abort(new ForescaleError('not-found', 'the workload was forgotten'));
    source.answer = () => stopped.reason;
    await held.model.refreshObserved(now, stopped);
    expect(held.model.health().lastError).toBeUndefined();
  });

  it('become blind when the last good value is no longer fresh', async () => {
    let time = now;
    const held = open(createFakeSource(), () => time).hold(request, () => undefined);
    await Promise.all([held.firstObserved, held.firstHistory]);
    expect(held.model.health().state).toBe('fresh');
    time += 60;
    expect(held.model.health().state).toBe('blind');
  });

  it('take no series for missing data, in the words of the source', async () => {
    const source = createFakeSource();
    source.answer = () => ({ kind: 'missing', isEmpty: true, reason: 'no series; append x to mean zero' });
    const held = open(source).hold(request, () => undefined);
    await held.firstObserved;
    expect(held.model.observed()).toBeUndefined();
    expect(held.model.health().lastError?.message).toBe('no series; append x to mean zero');
  });

  it('take no series for zero where the user says so', async () => {
    const source = createFakeSource();
    source.answer = () => ({ kind: 'missing', isEmpty: true, reason: 'the query gives no series' });
    const held = open(source).hold({ ...request, emptyIsZero: true }, () => undefined);
    await held.firstObserved;
    expect(held.model.observed()?.value).toBe(0);
  });

  it('take NaN and infinity for zero where the user says so, as KEDA 2.20 does, and for missing elsewhere', async () => {
    const source = createFakeSource();
    source.answer = () => ({ kind: 'missing', isEmpty: false, reason: 'the query gives NaN' });
    const said = open(source).hold({ ...request, emptyIsZero: true }, () => undefined);
    await said.firstObserved;
    expect(said.model.observed()?.value).toBe(0);
    const silent = open(source).hold(request, () => undefined);
    await silent.firstObserved;
    expect(silent.model.observed()).toBeUndefined();
    expect(silent.model.health().lastError?.message).toContain('the query gives NaN');
  });

  it('take a value that is no finite number for missing, although no source may give one', async () => {
    const source = createFakeSource();
    const held = open(source).hold(request, () => undefined);
    await held.firstObserved;
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      source.answer = () => ({ kind: 'value', value, atSeconds: now });
      await held.model.refreshObserved(now, new AbortController().signal);
      expect(held.model.observed()?.value).toBe(30);
      expect(held.model.health().lastError?.message).toContain(`answers with ${value}`);
    }
  });

  it('take a sample of another time for missing, and say so', async () => {
    const source = createFakeSource();
    const held = open(source).hold(request, () => undefined);
    await held.firstObserved;
    const observed = held.model.observed();
    for (const apartSeconds of [-86_400, 86_400, -16, 16]) {
      source.answer = () => ({ kind: 'value', value: 1, atSeconds: now + apartSeconds });
      await held.model.refreshObserved(now, new AbortController().signal);
      expect(held.model.observed()).toBe(observed);
      expect(held.model.health().lastError?.message).toContain(apartSeconds < 0 ? 'older' : 'newer');
    }
  });

  it('let a partial answer raise the observed value and never lower it', async () => {
    const source = createFakeSource();
    const held = open(source).hold(request, () => undefined);
    await held.firstObserved;
    const tell = async (value: number) => {
      source.answer = () => ({ kind: 'value', value, atSeconds: now, isPartial: true });
      await held.model.refreshObserved(now, new AbortController().signal);
      return held.model.observed()?.value;
    };
    expect(await tell(15)).toBe(30);
    expect(held.model.health().lastError?.message).toContain('part of the data is missing');
    expect(await tell(45)).toBe(45);
  });

  it('take no series in a partial answer for missing, though the user or the replicas call it zero', async () => {
    const source = createFakeSource();
    source.answer = (query) =>
      query === 'replicas'
        ? { kind: 'value', value: 0, atSeconds: now, isPartial: true }
        : { kind: 'missing', isEmpty: true, reason: 'no series', isPartial: true };
    const said = open(source).hold({ ...request, emptyIsZero: true }, () => undefined);
    await said.firstObserved;
    expect(said.model.observed()).toBeUndefined();
    expect(said.model.health().lastError?.message).toContain('part of the data is missing');
    source.answer = (query) =>
      query === 'replicas'
        ? { kind: 'value', value: 0, atSeconds: now, isPartial: true }
        : { kind: 'missing', isEmpty: true, reason: 'no series' };
    const counted = open(source).hold({ ...request, replicasQuery: 'replicas' }, () => undefined);
    await counted.firstObserved;
    expect(counted.model.observed()).toBeUndefined();
  });

  it('begin anew when the clock was ahead and came back, and learn the history again', async () => {
    const source = createFakeSource();
    let time = now + 86_400;
    const rowsUntil = (end: number) => {
      const timestamps = Float64Array.from({ length: 600 }, (_, i) => end - (599 - i) * 60);
      return { stepSeconds: 60, timestamps, values: timestamps.map(() => 30), warnings: [] };
    };
    source.history = async () => rowsUntil(Math.floor((time - 60) / 60) * 60);
    const held = open(source, () => time).hold(request, () => undefined);
    await held.firstHistory;
    expect(held.model.newestSeconds()).toBeGreaterThan(now + 80_000);
    time = now;
    await held.model.refreshHistory(time, new AbortController().signal);
    expect(held.model.newestSeconds()).toBe(Math.floor((now - 60) / 60) * 60);
    expect(held.model.health().rows).toBe(600);
  });

  it('take no series for zero where no replica is there to report any, and only there', async () => {
    const source = createFakeSource();
    let replicas = 0;
    source.answer = (query) =>
      query === 'replicas'
        ? { kind: 'value', value: replicas, atSeconds: now }
        : { kind: 'missing', isEmpty: true, reason: 'no series' };
    const idle = open(source).hold({ ...request, replicasQuery: 'replicas' }, () => undefined);
    await idle.firstObserved;
    expect(idle.model.observed()?.value).toBe(0);
    replicas = 2;
    const lost = open(source).hold({ ...request, replicasQuery: 'replicas' }, () => undefined);
    await lost.firstObserved;
    expect(lost.model.observed()).toBeUndefined();
  });

  it('read the history of replicas only where a capacity is given beside them', async () => {
    const source = createFakeSource();
    const asked: string[] = [];
    source.range = async ({ query, startSeconds, endSeconds, stepSeconds }) => {
      asked.push(query);
      const count = (endSeconds - startSeconds) / stepSeconds + 1;
      const timestamps = Float64Array.from({ length: count }, (_, i) => startSeconds + i * stepSeconds);
      return { stepSeconds, timestamps, values: timestamps.map(() => 3), warnings: [] };
    };
    const few = { ...request, historySeconds: 3600, replicasQuery: 'replicas' };
    const forecaster = open(source);
    await forecaster.hold(few, () => undefined).firstHistory;
    expect(asked).toEqual(['demand']);
    await forecaster.hold({ ...few, capacityPerReplica: 1 }, () => undefined).firstHistory;
    expect(asked).toEqual(['demand', 'demand', 'replicas']);
  });

  it('make no forecast from a history that is read in part', async () => {
    const source = createFakeSource();
    let finish: (history: History) => void = () => undefined;
    source.history = () => new Promise((resolve) => (finish = resolve));
    const held = open(source).hold(request, () => undefined);
    await held.firstObserved;
    for (const answer of [
      held.model.peak({ windowSeconds: 600 }),
      held.model.forecast({ horizonSteps: 1 }),
    ]) {
      expect(answer).toMatchObject({
        status: 'learning',
        reasons: [{ message: 'its history is being read (0 rows so far)' }],
      });
    }
    finish({ stepSeconds: 60, timestamps: new Float64Array(), values: new Float64Array(), warnings: [] });
  });
});
