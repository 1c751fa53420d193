import { describe, expect, it } from 'vitest';
import { markingCensored } from '../../../src/history/censored.ts';
import type { RangeReader, RangeRequest } from '../../../src/history/source.ts';
import { createHistoryTail } from '../../../src/history/tail.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';

const options = { replicasQuery: 'ready', capacityPerReplica: 10 };
const range = { query: 'demand', startSeconds: 0, endSeconds: 600, stepSeconds: 60 };

type Rows = readonly (readonly [unixSeconds: number, value: number])[];

/** A source with these rows of demand and of ready replicas. */
function source(demand: Rows, ready: Rows | ForescaleError) {
  const asked: RangeRequest[] = [];
  const fake: RangeReader = {
    async range(request) {
      asked.push(request);
      const rows = request.query === 'ready' ? ready : demand;
      if (rows instanceof ForescaleError) throw rows;
      const within = rows.filter(([t]) => t >= request.startSeconds && t <= request.endSeconds);
      return {
        stepSeconds: request.stepSeconds,
        timestamps: Float64Array.from(within, ([t]) => t),
        values: Float64Array.from(within, ([, value]) => value),
        warnings: [],
      };
    },
  };
  return { fake, asked };
}

async function marked(demand: Rows, ready: Rows) {
  const { isCensored } = await markingCensored(source(demand, ready).fake, options).range(range);
  return isCensored === undefined ? undefined : [...isCensored];
}

describe('markingCensored', () => {
  it('marks rows from 0.9 of what the ready replicas can carry on', async () => {
    const demand: Rows = [
      [0, 17.9],
      [60, 18],
      [120, 25],
      [180, 25],
    ];
    const ready: Rows = [
      [0, 2],
      [60, 2],
      [120, 2],
      [180, 3],
    ];
    expect(await marked(demand, ready)).toEqual([0, 1, 1, 0]);
  });

  it('takes a row as it is where the replicas are not known, or none is ready', async () => {
    const demand: Rows = [
      [0, 50],
      [60, 50],
      [120, 0],
      [180, 50],
    ];
    const ready: Rows = [
      [60.0004, 1],
      [120, 0],
    ];
    expect(await marked(demand, ready)).toEqual([0, 1, 0, 0]);
  });

  it('asks for the replicas once, over the rows there are and at their step', async () => {
    const { fake, asked } = source([[120, 5]], [[120, 1]]);
    await markingCensored(fake, options).range(range);
    expect(asked[1]).toEqual({ ...range, query: 'ready', startSeconds: 120, endSeconds: 120 });
    expect(asked).toHaveLength(2);
    const empty = source([], [[0, 1]]);
    await markingCensored(empty.fake, options).range(range);
    expect(empty.asked).toHaveLength(1);
  });

  it('says so when no replicas are known at all', async () => {
    const { warnings } = await markingCensored(source([[0, 5]], []).fake, options).range(range);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('replicasQuery');
  });

  it('gives no rows while the replicas cannot be read, and names the query at fault', async () => {
    const fault = new ForescaleError('several-series', '3 series');
    const reading = markingCensored(source([[0, 5]], fault).fake, options).range(range);
    await expect(reading).rejects.toMatchObject({
      code: 'several-series',
      message: 'replicasQuery: 3 series',
    });
  });

  it('marks alike whether rows are read at once or one after the other', async () => {
    const times = Array.from({ length: 60 }, (_, i) => 60 * (i + 1));
    const { fake } = source(
      times.map((t) => [t, 5 + (t % 420) / 20]),
      times.map((t) => [t, 1 + Math.floor(t / 1200)]),
    );
    const tailOf = () =>
      createHistoryTail({
        source: markingCensored(fake, options),
        query: 'demand',
        stepSeconds: 60,
        windowSeconds: 3600,
      });
    const flagsOf = async (nowSeconds: readonly number[]) => {
      const tail = tailOf();
      const flags: number[] = [];
      for (const now of nowSeconds) flags.push(...((await tail.read(now)).isCensored ?? []));
      return flags;
    };
    const atOnce = await flagsOf([3660]);
    expect(atOnce.filter((flag) => flag === 1).length).toBeGreaterThan(10);
    expect(atOnce.filter((flag) => flag === 0).length).toBeGreaterThan(10);
    expect(await flagsOf([1200, 1230, 1800, 3660])).toEqual(atOnce);
  });
});

it('keeps the marks that a source gave to the rows of a partial answer', async () => {
  const { fake } = source(
    [
      [0, 5],
      [60, 20],
      [120, 5],
    ],
    [
      [0, 2],
      [60, 2],
      [120, 2],
    ],
  );
  const partial: RangeReader = {
    async range(request) {
      const history = await fake.range(request);
      return request.query === 'demand' ? { ...history, isCensored: Uint8Array.of(1, 0, 0) } : history;
    },
  };
  const { isCensored } = await markingCensored(partial, options).range(range);
  expect([...(isCensored ?? [])]).toEqual([1, 1, 0]);
});
