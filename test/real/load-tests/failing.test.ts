import { describe, expect, it } from 'vitest';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { startApp } from '../telemetry-app/app-process.ts';
import { runLoad } from './load-run.ts';

const missing = await whyMissing('k6');
const note = skippedNote(missing);
const refused = 'http://127.0.0.1:9';

describe.skipIf(missing)(`a load test that must fail${note}`, () => {
  it('does so where half of the answers are errors, and says which rules are broken', async () => {
    const app = await startApp({ APP_ERRORS: '50', APP_SEED: '1', APP_LOG_LEVEL: 'info' });
    try {
      const { exitCode, output, report, junit, html } = await runLoad('basic', {
        LOAD_URL: app.url,
        LOAD_SECONDS: '3',
      });
      expect(exitCode, output).toBe(99);
      const broken = report.rules.filter(({ passed }) => !passed);
      expect(broken.map(({ metric }) => metric)).toEqual(['checks', 'http_req_failed']);
      for (const { value = Number.NaN } of broken) expect(Math.abs(value - 0.5)).toBeLessThan(0.2);
      expect(report.passed).toBe(false);
      expect(output).toMatch(/basic: FAILED.*http_req_failed rate<0\.01 .*BROKEN/s);
      expect(junit).toMatch(/failures="2".*name="http_req_failed rate&lt;0.01"><failure/s);
      expect(html).toContain('<title>basic: failed</title>');
    } finally {
      app.signal('SIGTERM');
      await app.exited;
    }
  });

  it('does so where answers are slower than allowed', async () => {
    const app = await startApp({ APP_LATENCY: '300', APP_SEED: '1', APP_LOG_LEVEL: 'info' });
    try {
      const run = await runLoad('basic', { LOAD_URL: app.url, LOAD_MAX_P95_MS: '100', LOAD_SECONDS: '2' });
      expect(run.exitCode, run.output).toBe(99);
      expect(run.report.rules.filter(({ passed }) => !passed).map(({ metric }) => metric)).toContain(
        'http_req_duration{expected_response:true}',
      );
    } finally {
      app.signal('SIGTERM');
      await app.exited;
    }
  });

  it('does so where nobody is there, and says what to do', async () => {
    const { exitCode, output, report } = await runLoad('smoke', { LOAD_URL: refused });
    expect(exitCode, output).toBe(108);
    expect(output).toContain(`${refused}/readyz did not answer 200`);
    expect(output).toContain('start the telemetry app, or set LOAD_URL to where it is');
    expect(report).toMatchObject({ passed: false, iterations: 0 });
  });

  it('does so where no scaler is there, without the stack of a program that broke', async () => {
    const { exitCode, output, report } = await runLoad('scaler', {
      LOAD_GRPC_ADDRESS: new URL(refused).host,
    });
    expect(exitCode, output).toBe(108);
    expect(output).toContain('start forescale serve, or set LOAD_GRPC_ADDRESS to its gRPC address');
    expect(output).not.toContain('GoError');
    expect(output).toMatch(/checks rate>[\d.]+ +– +not measured/);
    expect(report).toMatchObject({ passed: false, iterations: 0 });
  });
});
