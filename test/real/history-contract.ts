import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OpenSource } from '../../src/history/source.ts';
import { createHistoryTail } from '../../src/history/tail.ts';
import type { Series } from '../../src/seed/series.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';

const minute = 60;
const day = 86_400;
/** A whole minute half an hour ago, whose samples are settled in every engine. */
const end = Math.floor(Date.now() / 1000 / minute) * minute - 1800;
/** Newest time of what the suite writes, unix seconds. */
export const contractEndSeconds = end;

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

/** A real server of one kind of source, and how the suite asks it. */
export interface SourceUnderTest {
  start(): Promise<RunningProgram>;
  open(url: string): OpenSource;
  /** Writes a series; what it wrote can be read when it resolves. */
  write(url: string, series: Series): Promise<void>;
  /** Query for the sum over all series of a metric, each with its value within the step. */
  total(metric: string): string;
  /** Query that gives each series of a metric. */
  bySeries(metric: string): string;
  /** Query that the server refuses. */
  readonly wrong: string;
}

/** The source once it is open. */
export interface OpenSubject {
  source(): OpenSource;
  write(series: Series): Promise<void>;
}

/**
 * What every kind of source must do with a real server behind it. Call it in a `describe`; the server is started before the first
 * test and stopped after the last.
 */
export function historyContract(subject: SourceUnderTest): OpenSubject {
  let server: RunningProgram;
  let source: OpenSource;

  beforeAll(async () => {
    server = await subject.start();
    source = subject.open(server.url);
  });

  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });

  const write = (series: Series) => subject.write(server.url, series);
  const lastMinutes = (metric: string, count: number) => ({
    query: subject.total(metric),
    startSeconds: end - (count - 1) * minute,
    endSeconds: end,
    stepSeconds: minute,
  });

  it('reads back two weeks of minutes exactly, in more than one request', async () => {
    const count = 14 * 24 * 60;
    const series = gauge(
      'two_weeks',
      minutes(count, (index) => index % 1440),
    );
    await write(series);
    const history = await source.range({ ...lastMinutes('two_weeks', count), startSeconds: end - 14 * day });
    expect(count).toBeGreaterThan(11_000);
    expect(history.timestamps).toEqual(series.timestamps);
    expect(history.values).toEqual(series.values);
  });

  it('leaves gaps out and keeps zeros', async () => {
    // A gap longer than the five minutes for which engines repeat a sample.
    const rows = minutes(60, (index) => (index >= 20 && index < 40 ? undefined : index % 2));
    await write(gauge('with_gap', rows));
    const history = await source.range(lastMinutes('with_gap', 60));
    expect(history.timestamps).toEqual(Float64Array.from(rows, ([unixSeconds]) => unixSeconds));
    expect(history.values).toEqual(Float64Array.from(rows, ([, value]) => value));
  });

  it('gives rows at the steps of the grid when it is asked for times between them', async () => {
    await write(
      gauge(
        'aligned',
        minutes(10, (index) => index),
      ),
    );
    const asked = lastMinutes('aligned', 5);
    const history = await source.range({
      ...asked,
      startSeconds: asked.startSeconds + 17,
      endSeconds: end + 29,
    });
    expect([...history.values]).toEqual([5, 6, 7, 8, 9]);
    expect(history.timestamps.at(-1)).toBe(end);
  });

  it('gives an empty history for no series, and says that the instant is missing rather than zero', async () => {
    const history = await source.range(lastMinutes('nobody_wrote_this', 10));
    expect(history.timestamps).toHaveLength(0);
    const query = subject.total('nobody_wrote_this');
    expect(await source.instant({ query, atSeconds: end })).toEqual({
      kind: 'missing',
      isEmpty: true,
      reason: expect.stringMatching(/^the query gives no series.*;.*no demand/),
    });
  });

  it('reads the newest value, and does not repeat it for long', async () => {
    await write(
      gauge(
        'instantly',
        minutes(10, (index) => 33 + index),
      ),
    );
    const query = subject.total('instantly');
    expect(await source.instant({ query, atSeconds: end })).toMatchObject({ kind: 'value', value: 42 });
    expect(await source.instant({ query, atSeconds: end + 600 })).toMatchObject({ kind: 'missing' });
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
    const query = subject.bySeries('by_pod');
    // Three of the four, in whatever order the engine gives them.
    const expected = { code: 'several-series', message: expect.stringMatching(/4 series \(.*pod="[a-d]"/) };
    await expect(source.instant({ query, atSeconds: end })).rejects.toMatchObject(expected);
    await expect(source.range({ ...lastMinutes('by_pod', 10), query })).rejects.toMatchObject(expected);
    expect([...(await source.range(lastMinutes('by_pod', 2))).values]).toEqual([4, 4]);
  });

  it('passes on what the server says about a wrong query', async () => {
    await expect(source.instant({ query: subject.wrong, atSeconds: end })).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringContaining('refused the query'),
    });
  });

  it('gives up at once when it is told to', async () => {
    const signal = AbortSignal.abort('enough');
    await expect(source.range({ ...lastMinutes('growing', 10), signal })).rejects.toBe('enough');
    const query = subject.total('growing');
    await expect(source.instant({ query, atSeconds: end, signal })).rejects.toBe('enough');
  });

  it('says how much time one value of a query sums up', () => {
    const seconds = source.rateWindowSeconds(subject.total('growing'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(minute);
  });

  it('follows a growing series without reading a row twice or losing one', async () => {
    const rows = minutes(120, (index) => index);
    await write(gauge('growing', rows.slice(0, 100)));
    const tail = createHistoryTail({
      source,
      query: subject.total('growing'),
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

  return { source: () => source, write };
}
