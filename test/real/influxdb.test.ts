import { describe, expect, it } from 'vitest';
import type { ForecastJson } from '../../src/api/answers/forecast-json.ts';
import { openInfluxDb } from '../../src/history/influxdb/influxdb.ts';
import type { Series } from '../../src/seed/series.ts';
import { startInfluxDb } from '../../tools/programs/influxdb.ts';
import { runCommand } from '../edges/cli/run-command.ts';

import { eventually } from '../support/eventually.ts';
import { contractEndSeconds as end, gauge, historyContract, minutes } from './history-contract.ts';
import { startTestServer } from './integration/running.ts';
import { createKedaCaller } from './integration/scaler-client.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const missing = await whyMissing('influxd');
const note = skippedNote(missing);
const database = 'demand';
const grouped = 'WHERE $timeFilter GROUP BY time($__interval)';

/** Runs a statement that changes something, which sources refuse to do. */
async function run(url: string, statement: string): Promise<void> {
  const answer = await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q: statement }) });
  expect(await answer.json()).not.toHaveProperty('results.0.error');
}

/** Writes a series in InfluxDB's line protocol. */
async function write(url: string, { metric, labels, timestamps, values }: Series): Promise<void> {
  const tags = Object.entries(labels).map(([name, value]) => `,${name}=${value}`);
  const lines = Array.from(timestamps, (at, row) => `${metric}${tags.join('')} value=${values[row]} ${at}`);
  const path = `/write?db=${database}&precision=s`;
  const answer = await fetch(url + path, { method: 'POST', body: lines.join('\n') });
  expect(answer.status, await answer.text()).toBe(204);
}

describe.skipIf(missing)(`a real InfluxDB${note}`, () => {
  const { source, write: add } = historyContract({
    async start() {
      const server = await startInfluxDb({ env: process.env });
      await run(server.url, `CREATE DATABASE ${database}`);
      return server;
    },
    open: (url) => openInfluxDb({ url, database }),
    write,
    total: (metric) => `SELECT sum("value") FROM "${metric}" ${grouped}`,
    bySeries: (metric) => `SELECT sum("value") FROM "${metric}" ${grouped}, *`,
    wrong: `SELECT nothing_known("value") FROM "x" ${grouped}`,
  });
  const hour = { startSeconds: end - 3540, endSeconds: end, stepSeconds: 60 };

  it('sums the means of series by a query within a query', async () => {
    for (const pod of ['a', 'b']) {
      const rows = minutes(60, (index) => index);
      await add(gauge('nested', rows, { pod }));
    }
    const inner = `SELECT mean("value") AS "v" FROM "nested" ${grouped}, "pod"`;
    const { values } = await source().range({ query: `SELECT sum("v") FROM (${inner}) ${grouped}`, ...hour });
    expect([...values]).toEqual(Array.from({ length: 60 }, (_, index) => 2 * index));
  });

  it('makes a rate of a counter, and of counts by the milliseconds of the interval', async () => {
    await add(
      gauge(
        'counter',
        minutes(60, (index) => 120 * index),
      ),
    );
    const rate = `SELECT non_negative_derivative(last("value"), 1s) FROM "counter" ${grouped}`;
    expect(new Set((await source().range({ query: rate, ...hour })).values)).toEqual(new Set([2]));
    const counts = `SELECT sum("value") / $__interval_ms * 1000 FROM "counter" ${grouped}`;
    const { values } = await source().range({ query: counts, ...hour });
    expect(values.at(-1)).toBe((120 * 59) / 60);
  });

  it('gives zeros where the query fills them in', async () => {
    await add(
      gauge(
        'filled',
        minutes(60, (index) => (index % 2 === 0 ? 1 : undefined)),
      ),
    );
    const query = `SELECT sum("value") FROM "filled" ${grouped} fill(0)`;
    const { values } = await source().range({ query, ...hour });
    expect([...values.subarray(0, 4)]).toEqual([1, 0, 1, 0]);
  });

  it('names the columns when a query gives several', async () => {
    await add(
      gauge(
        'columns',
        minutes(10, () => 1),
      ),
    );
    const two = { query: `SELECT min("value"), max("value") FROM "columns" ${grouped}`, atSeconds: end };
    await expect(source().instant(two)).rejects.toMatchObject({
      code: 'several-series',
      message: expect.stringMatching(/2 series \(min, max\)/),
    });
  });

  it('serves a trigger that names its profile, and the command that names its address', async () => {
    const day = 86_400;
    const demandAt = (unixSeconds: number) =>
      Math.round(100 + 60 * Math.sin((2 * Math.PI * unixSeconds) / day));
    const newest = Math.floor(Date.now() / 60_000) * 60;
    const times = Array.from({ length: 15 * 1440 }, (_, index) => newest - (15 * 1440 - 1 - index) * 60);
    await add(
      gauge(
        'live',
        times.map((at) => [at, demandAt(at)] as const),
      ),
    );
    const url = source().address;
    const query = `SELECT sum("value") FROM "live" ${grouped}`;

    const profiles = [{ name: 'telegraf', kind: 'influxdb', url, database, instantWindow: '10m' }];
    const server = await startTestServer(undefined, JSON.stringify({ profiles }));
    const keda = createKedaCaller(server.grpcPort);
    try {
      const metadata = { query, threshold: '10', prometheusAddress: 'telegraf', hpaTolerance: '0' };
      const mean = `SELECT mean("value") FROM "live" ${grouped}`;
      const value = await keda.value('live', { ...metadata, query: mean });
      expect(value).toBeGreaterThan(0.8 * demandAt(newest));
      expect(value).toBeLessThan(1.2 * demandAt(newest));
      await expect(keda.value('wrong', { ...metadata, query: 'sum(live)' })).rejects.toMatchObject({
        details: expect.stringMatching(/is no SELECT; write it as SELECT/),
      });
      const forecast = await eventually(
        async () => {
          const answer = await fetch(`${server.httpUrl}/api/v1/workloads/shop/live/forecast?horizon=6h`);
          return (await answer.json()) as ForecastJson;
        },
        (seen) => seen.status === 'ok',
      );
      expect(forecast.seasons).toContain(day);
    } finally {
      keda.close();
      await server.close();
    }

    const flags = ['--influxdb', url, '--database', database, '--query', query, '--range', '14d'];
    const { stdout } = await runCommand(['forecast', ...flags, '--horizon', '6h', '--json']);
    const { points } = JSON.parse(stdout) as ForecastJson;
    for (const { t, median } of points) expect(Math.abs(median - demandAt(t))).toBeLessThan(15);
  });

  it('says what is wrong with a database that is not there', async () => {
    const query = `SELECT max("value") FROM "elsewhere"."autogen"."x" ${grouped}`;
    await expect(source().instant({ query, atSeconds: end })).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringContaining('database not found: elsewhere'),
    });
  });
});
