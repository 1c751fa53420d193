import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';
import { eventually } from '../support/eventually.ts';
import { skippedNote, whyMissing } from './real-programs.ts';
import { type AppProcess, startApp } from './telemetry-app/app-process.ts';

const why = await whyMissing('prometheus');

describe.skipIf(why !== undefined)(`a Prometheus that scrapes the telemetry app${skippedNote(why)}`, () => {
  let app: AppProcess;
  let prometheus: RunningProgram;
  beforeAll(async () => {
    app = await startApp({ APP_NAME: 'a' });
    prometheus = await startPrometheus({
      env: process.env,
      scrapeIntervalSeconds: 1,
      scrapeJobs: [{ name: 'a', targets: [new URL(app.url).host] }],
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    app?.signal('SIGKILL');
    await app?.exited;
  });

  async function values(query: string): Promise<string[]> {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result.map(({ value }) => value[1]);
  }

  it('reads OpenMetrics with exemplars, and finds every metric by its name', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await fetch(`${app.url}/process`, { method: 'POST', headers: { traceparent }, body: '[]' });
    const own = await (
      await fetch(`${app.url}/metrics`, { headers: { accept: 'application/openmetrics-text' } })
    ).text();
    expect(own).toContain('# {trace_id="4bf92f3577b34da6a3ce929d0e0e4736"');
    await eventually(
      () => values('app_requests_total{route="/process"}'),
      (seen) => seen[0] === '1',
    );
    expect(await values('up')).toEqual(['1']);
    expect(await values('http_request_duration_seconds_bucket{route="/process",le="10"}')).toEqual(['1']);
    expect(await values('process_cpu_seconds_total > 0')).toHaveLength(1);
    const samples = own.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const [scraped = '0'] = await values('scrape_samples_scraped');
    expect(Number(scraped)).toBeGreaterThanOrEqual(samples.length);
  });
});
