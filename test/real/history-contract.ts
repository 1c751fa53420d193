import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPrometheusHistory, type PrometheusHistory } from '../../src/history/prometheus/prometheus.ts';
import { createHistoryTail } from '../../src/history/tail.ts';
import { readBack } from '../../src/seed/read-back.ts';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import type { Series } from '../../src/seed/series.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';

const minute = 60;
const day = 86_400;
/** A whole minute half an hour ago: settled for every engine. */
const end = Math.floor(Date.now() / 1000 / minute) * minute - 1800;

export function gauge(
  metric: string,
  rows: readonly (readonly [number, number])[],
  labels: Record<string, string> = {},
): Series {
  const timestamps = Float64Array.from(rows, ([unixSeconds]) => unixSeconds);
  return { metric, labels, kind: 'gauge', timestamps, values: Float64Array.from(rows, ([, value]) => value) };
}

/** Minutes up to `end`, oldest first, each with the value `valueAt` gives it; undefined leaves it out. */
export function minutes(
  count: number,
  valueAt: (index: number) => number | undefined,
): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const value = valueAt(index);
    return value === undefined ? [] : [[end - (count - 1 - index) * minute, value] as const];
  });
}

/**
 * What every engine that speaks the Prometheus API must do with history we write and read. Call it in a `describe`;
 * the engine is started before the first test and stopped after the last. `settle` makes what was written searchable.
 */
export function historyContract(
  start: () => Promise<RunningProgram>,
  settle: (url: string) => Promise<unknown> = () => Promise.resolve(),
): () => PrometheusHistory {
  let engine: RunningProgram;
  let source: PrometheusHistory;

  beforeAll(async () => {
    engine = await start();
    source = createPrometheusHistory({ url: engine.url });
  });

  afterAll(async () => {
    await source?.close();
    await engine?.stop();
  });

  async function write(series: Series): Promise<void> {
    await remoteWrite({ url: engine.url, series });
    await settle(engine.url);
    expect(await readBack(source, series)).toMatchObject({ missing: [] });
  }

  it('reads back two weeks of minutes exactly, in more than one request', async () => {
    const count = 14 * 24 * 60;
    const series = gauge(
      'two_weeks',
      minutes(count, (index) => index % 1440),
    );
    await write(series);
    const history = await source.range({
      query: 'sum(two_weeks)',
      startSeconds: end - 14 * day,
      endSeconds: end,
      stepSeconds: minute,
    });
    expect(count).toBeGreaterThan(11_000);
    expect(history.timestamps).toEqual(series.timestamps);
    expect(history.values).toEqual(series.values);
  });

  it('leaves gaps out and keeps zeros', async () => {
    // A gap longer than the five minutes for which engines repeat a sample.
    const rows = minutes(60, (index) => (index >= 20 && index < 40 ? undefined : index % 2));
    await write(gauge('with_gap', rows));
    const history = await source.range({
      query: 'last_over_time(with_gap[1m])',
      startSeconds: end - 59 * minute,
      endSeconds: end,
      stepSeconds: minute,
    });
    const written = new Set(rows.map(([unixSeconds]) => unixSeconds));
    // A range that is closed at its older end (Prometheus before 3) still sees the last row one step into the gap.
    const edge = (rows[19]?.[0] ?? Number.NaN) + minute;
    expect([...history.timestamps].filter((at) => at !== edge)).toEqual([...written]);
    expect([...history.values].slice(0, 3)).toEqual([0, 1, 0]);
  });

  it('takes NaN and infinities for missing', async () => {
    const at = { startSeconds: end - 600, endSeconds: end, stepSeconds: minute };
    expect((await source.range({ query: 'vector(0) / 0', ...at })).timestamps).toHaveLength(0);
    expect((await source.range({ query: 'vector(1) / 0', ...at })).timestamps).toHaveLength(0);
    expect(await source.instant({ query: 'vector(1) / 0', atSeconds: end })).toMatchObject({
      kind: 'missing',
      isEmpty: false,
    });
  });

  it('gives an empty history for no series, and says the instant is missing rather than zero', async () => {
    const history = await source.range({
      query: 'sum(nobody_wrote_this)',
      startSeconds: end - 600,
      endSeconds: end,
      stepSeconds: minute,
    });
    expect(history.timestamps).toHaveLength(0);
    expect(await source.instant({ query: 'sum(nobody_wrote_this)', atSeconds: end })).toEqual({
      kind: 'missing',
      isEmpty: true,
      reason: 'the query gives no series',
    });
  });

  it('reads an instant vector and a scalar', async () => {
    await write(
      gauge(
        'instantly',
        minutes(10, () => 42),
      ),
    );
    expect(await source.instant({ query: 'sum(instantly)', atSeconds: end })).toMatchObject({
      kind: 'value',
      value: 42,
    });
    expect(await source.instant({ query: '1 + 1', atSeconds: end })).toMatchObject({
      kind: 'value',
      value: 2,
    });
  });

  it('names the series when a query gives several', async () => {
    for (const pod of ['a', 'b', 'c', 'd']) {
      await write(
        gauge(
          'by_pod',
          minutes(10, () => 1),
          { pod, path: '/{id}' },
        ),
      );
    }
    const expected = {
      code: 'several-series',
      message: expect.stringMatching(/4 series \(.*pod="a".*sum\(\)/),
    };
    await expect(source.instant({ query: 'by_pod', atSeconds: end })).rejects.toMatchObject(expected);
    await expect(
      source.range({ query: 'by_pod', startSeconds: end - 600, endSeconds: end, stepSeconds: minute }),
    ).rejects.toMatchObject(expected);
  });

  it('passes on what the engine says about a wrong query', async () => {
    await expect(source.instant({ query: 'sum(', atSeconds: end })).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringContaining('refused the query'),
    });
  });

  it('follows a growing series without reading a row twice or losing one', async () => {
    const rows = minutes(120, (index) => index);
    await write(gauge('growing', rows.slice(0, 100)));
    const tail = createHistoryTail({
      source,
      query: 'last_over_time(growing[30s])',
      stepSeconds: minute,
      windowSeconds: 119 * minute,
    });
    const seen: number[] = [];
    const read = async (nowSeconds: number) => {
      const fresh = await tail.read(nowSeconds);
      seen.push(...fresh.values);
      return fresh;
    };
    // One step of settling: as of row 99's own minute, row 98 is the newest that counts.
    await read(rows[99]?.[0] ?? 0);
    await write(gauge('growing', rows.slice(100, 110)));
    await read(rows[105]?.[0] ?? 0);
    expect((await read(rows[105]?.[0] ?? 0)).timestamps).toHaveLength(0);
    await write(gauge('growing', rows.slice(110)));
    await read(end + minute);
    expect(seen).toEqual(rows.map(([, value]) => value));
  });

  return () => source;
}
