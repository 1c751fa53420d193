import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../../loadtests/lib/read-settings.ts';
import { arrivalsOf } from '../../../loadtests/lib/stages.ts';
import { growingStages, spikeStages, steadyStages, weekOf } from '../../../loadtests/lib/wanted-load.ts';
import { eventually } from '../../support/eventually.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { type AppProcess, startApp } from '../telemetry-app/app-process.ts';
import { expectPassed, runLoad, startLoad } from './load-run.ts';

const missing = await whyMissing('k6');
const note = skippedNote(missing);
const short = { LOAD_SHORT: '1' };

describe.skipIf(missing)(`the load tests on a real telemetry app${note}`, () => {
  let app: AppProcess;
  beforeAll(async () => {
    app = await startApp({ APP_NAME: 'app-a', APP_LOG_LEVEL: 'info' });
  });
  afterAll(async () => {
    app?.signal('SIGTERM');
    await app?.exited;
  });

  /** Requests the app itself has counted on `POST /process`. */
  async function counted(): Promise<number> {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const rows = [...text.matchAll(/^app_requests_total\{([^}]*)\} (\d+)/gm)];
    return rows
      .filter(([, labels = '']) => labels.includes('route="/process"'))
      .reduce((sum, [, , count]) => sum + Number(count), 0);
  }

  it.each([
    ['smoke', steadyStages(readSettings('smoke', short))],
    ['basic', growingStages(readSettings('basic', short))],
    ['spike', spikeStages(readSettings('spike', short))],
  ] as const)('%s sends what it wants to send, and the app counts the same', async (script, stages) => {
    const before = await counted();
    const run = await runLoad(script, { LOAD_URL: app.url });
    expectPassed(run);
    const wanted = arrivalsOf(stages);
    expect(Math.abs(run.report.iterations - wanted)).toBeLessThanOrEqual(1 + wanted * 0.05);
    expect((await counted()) - before).toBe(run.report.iterations);
  });

  it('soak tells the thirds of the run apart', async () => {
    const run = await runLoad('soak', { LOAD_URL: app.url });
    expectPassed(run);
    const thirds = run.report.latencies.filter(({ name }) => name.includes('{third:'));
    expect(thirds).toHaveLength(3);
    // To half of it: what is sent late, on a machine that is busy, belongs to the third it is sent in.
    for (const { count } of thirds)
      expect(Math.abs(count - run.report.iterations / 3)).toBeLessThanOrEqual(run.report.iterations / 6);
    expect(thirds.reduce((sum, { count }) => sum + count, 0)).toBe(run.report.iterations);
  });

  it('realistic sends a busy week and a quieter weekend, told apart in the summary', async () => {
    const run = await runLoad('realistic', { LOAD_URL: app.url });
    expectPassed(run);
    const wanted = arrivalsOf(weekOf(readSettings('realistic', short)).stages);
    expect(Math.abs(run.report.iterations - wanted)).toBeLessThanOrEqual(1 + wanted * 0.05);
    const count = (part: string) =>
      run.report.latencies.find(({ name }) => name === `http_req_duration{part:${part}}`)?.count ?? 0;
    expect(count('weekday') + count('weekend')).toBe(run.report.iterations);
    expect(count('weekend')).toBeGreaterThan(0);
    expect(count('weekend') / 2).toBeLessThan((0.8 * count('weekday')) / 5);
  });

  it.each([
    // Only the launcher gets the signal, as from `kill` and when a container stops.
    ['SIGTERM', (pid: number) => pid],
    // The whole process group gets the signal, as from a terminal's Ctrl-C.
    ['SIGINT', (pid: number) => -pid],
  ] as const)(
    'ends in order on %s, with a summary of what was, and leaves nothing running',
    async (signal, of) => {
      const running = startLoad('soak', { LOAD_URL: app.url, LOAD_SECONDS: '50' });
      const before = await counted();
      await eventually(counted, (count) => count > before + 10);
      process.kill(of(running.pid), signal);
      const { exitCode, report, output } = await running.ended;
      expect(exitCode, output).toBe(105);
      expect(report.seconds).toBeLessThan(45);
      expect(report.passed).toBe(false);
      expect(output).toContain('it was stopped');
      expect(report.iterations).toBeGreaterThan(5);
      expect(() => process.kill(-running.pid, 0)).toThrow('ESRCH');
    },
  );
});
