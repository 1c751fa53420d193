import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LightMyRequestResponse as LightResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { csvLine } from '../../../src/api/rows/csv-line.ts';
import { formatOf } from '../../../src/api/rows/format.ts';
import { writtenRows } from '../../../src/api/rows/written-rows.ts';
import { decisions } from '../../pure/scaler/record/some-decisions.ts';
import { runCommand } from '../cli/run-command.ts';
import { apiOptions, demandAt, directoryOf, modelOf, nowSeconds, taught, workloadOf } from './fixture.ts';
import { recordOf, startSeconds } from './record-fixture.ts';

const workload = '/api/v1/workloads/shop/checkout';

describe('the format of rows', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['text/csv', 'csv'],
    ['TEXT/CSV; charset=utf-8', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['application/json;q=0.5, text/csv;q=0.9', 'csv'],
    ['text/csv;q=0.1, application/json', 'json'],
    ['text/csv;q=0, text/html', 'json'],
    ['text/csv;q=many, application/ndjson;q=0.2', 'ndjson'],
  ])('for Accept: %s is %s', (accept, format) => {
    expect(formatOf(accept)).toBe(format);
  });

  it('quotes what would break a line, and lets no spreadsheet run a text', () => {
    expect(csvLine(['a,b', 'say "so"', null, undefined, Number.NaN, 1.5, true])).toBe(
      '"a,b","say ""so""",,,,1.5,true\n',
    );
    expect(csvLine(['=cmd()', '+1', '-1', -1])).toBe("'=cmd(),'+1,-1,-1\n");
    expect(csvLine(['-2+cmd|x!A0', '-A1', '－1', '\n=1'])).toBe("'-2+cmd|x!A0,'-A1,'－1,\"'\n=1\"\n");
  });
});

describe('rows that are written', () => {
  it('let the event loop turn, and end where no more would be sent', async () => {
    let turns = 0;
    let made = 0;
    function* many() {
      for (; made < 1_000_000; made++) yield { atSeconds: made, cells: [made], json: {} };
    }
    const timer = setInterval(() => turns++, 0);
    const text = await writtenRows(
      { columns: ['value'], rows: many(), unit: 'a' },
      'csv',
      'Asia/Tokyo',
      2_000_000,
    );
    clearInterval(timer);
    expect(text.length).toBeGreaterThan(2_000_000);
    expect(text.length).toBeLessThan(2_000_100);
    expect(turns).toBeGreaterThan(1);
    expect(made).toBeLessThan(100_000);
  });
});

describe('rows', () => {
  let app: ApiInstance;
  beforeAll(async () => {
    app = await createApiApp(
      apiOptions({
        directory: directoryOf([workloadOf(modelOf(taught(9)))]),
        record: recordOf(decisions(300, startSeconds)),
      }),
    );
  });
  afterAll(() => app.close());
  const get = (url: string, accept: string) => app.inject({ url: `${workload}${url}`, headers: { accept } });

  it('of the history can be forecast by the command as they are', async () => {
    const { body } = await get('/history?from=-9d', 'text/csv');
    expect(body.split('\n')[0]).toBe('timestamp,unix,value,unit');
    const [time, unix, value, unit] = body.trim().split('\n').at(-1)?.split(',') ?? [];
    expect([time, unix, unit]).toEqual(['2026-01-06T09:00:00Z', String(nowSeconds), 'requests/s']);
    // What is remembered is rounded.
    expect(Number(value)).toBeCloseTo(demandAt(nowSeconds), 1);
    const folder = mkdtempSync(join(tmpdir(), 'forescale-rows-'));
    try {
      const file = join(folder, 'history.csv');
      writeFileSync(file, body);
      const { stdout } = await runCommand([
        'forecast',
        '--csv',
        file,
        '--column',
        'value',
        '--horizon',
        '1h',
        '--json',
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ status: 'ok', origin: nowSeconds });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of the history are JSON lines, too', async () => {
    const { body, headers } = await get('/history?range=10m&timeZone=Asia/Kolkata', 'application/x-ndjson');
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const rows = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.at(-1)).toEqual({
      time: '2026-01-06T14:30:00+05:30',
      unix: nowSeconds,
      value: expect.closeTo(demandAt(nowSeconds), 1),
      unit: 'requests/s',
    });
  });

  it('of decisions have the parts that add up to the signal, and a link to the next page', async () => {
    const { body, headers } = await get('/decisions?from=-50m&limit=3', 'text/csv');
    const [head = '', ...lines] = body.trim().split('\n');
    const columns = head.split(',');
    expect(columns.slice(0, 4)).toEqual(['timestamp', 'unix', 'status', 'signal']);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const cells = line.split(',');
      const sum = columns.reduce(
        (all, name, index) => all + (name.startsWith('part ') ? Number(cells[index]) : 0),
        0,
      );
      expect(sum).toBeCloseTo(Number(cells[3]), 9);
    }
    const next = /^<(.+)>; rel="next"$/.exec(String(headers['link']))?.[1] ?? '';
    const second = await app.inject({ url: next, headers: { accept: 'application/json' } });
    expect(second.json().decisions[0].at).toBeGreaterThan(Number(lines[2]?.split(',')[1]));
  });
});

describe('pages of the list', () => {
  it('are linked until there is none', async () => {
    const model = modelOf(taught(0));
    const many = Array.from({ length: 5 }, (_, index) => workloadOf(model, { name: `web-${index}` }));
    const app = await createApiApp(apiOptions({ directory: directoryOf(many) }));
    const names: string[] = [];
    let url: string | undefined = '/api/v1/workloads?search=web&limit=2';
    while (url !== undefined) {
      const { headers, body }: LightResponse = await app.inject(url);
      names.push(...JSON.parse(body).workloads.map(({ name }: { name: string }) => name));
      url = /^<(.+)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1];
      expect(names.length).toBeLessThanOrEqual(5);
    }
    expect(names).toEqual(['web-0', 'web-1', 'web-2', 'web-3', 'web-4']);
    await app.close();
  });
});

describe('entity tags', () => {
  it('save who asks again the body of what did not change', async () => {
    const app = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(modelOf(taught(9)))]) }));
    for (const url of [
      '/api/v1/workloads',
      workload,
      `${workload}/history`,
      `${workload}/accuracy`,
      `${workload}/explain`,
    ]) {
      const { headers } = await app.inject(url);
      expect(headers['etag'], url).toMatch(/^"[\w-]{27}"$/);
      const sent = { 'if-none-match': `"other", W/${headers['etag']}` };
      const again = await app.inject({ url, headers: sent });
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', headers['etag']]);
      expect((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
    }
    expect((await app.inject('/api/v1/workloads/no/where')).headers['etag']).toBeUndefined();
    await app.close();
  });
});
