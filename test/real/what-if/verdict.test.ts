import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsvHistory } from '../../../src/history/csv.ts';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import { integrateRates } from '../../../src/seed/series.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { temporaryFolder } from '../../edges/cli/made-history.ts';
import { isLongForm } from '../../support/long-form.ts';
import { tracePath } from '../../support/traces.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { askWhatIf, judge, timelineOf } from './compared-timelines.ts';
import { playDay } from './played-day.ts';

/**
 * How much is played and how fast it passes: a whole day in 24 minutes, or the morning's rise. FORESCALE_SPEED=1
 * FORESCALE_HOURS=2 plays two hours as they pass on the wall.
 */
const usual = isLongForm ? { hours: 24, speed: 60 } : { hours: 1.75, speed: 150 };
const hours = Number(process.env['FORESCALE_HOURS'] ?? usual.hours);
const speed = Number(process.env['FORESCALE_SPEED'] ?? usual.speed);
/** Hours before the end of the trace at which a short play ends: its last day rises until then. */
const cutHours = hours < 12 ? 10 : 0;

const traceName = 'svc-ms-mongo-app-02-1m';
const workload = { query: 'sum(rate(shop_requests_total[1m]))', target: 25, startUpSeconds: 300 };
const scrapeSeconds = 15;
/** What was decided before the comparison begins has had its effect after this long. */
const settleSeconds = 900;
/** Syncs of the HPA that are worth a comparison: half an hour. */
const fewestTicks = 120;
/** Both know the same demand; what differs is when, within its period, each loop asks. */
const allowedDifference = 0.02;
const allowedShortDifference = 0.01;

const missing = await whyMissing('prometheus');
const folder = temporaryFolder();
afterAll(() => folder.remove());

describe.skipIf(missing)(`the verdict of what-if${skippedNote(missing)}`, () => {
  let prometheus: RunningProgram;
  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
  });
  afterAll(() => prometheus?.stop());

  // On a crowded machine a loop is late by a second, which is minutes of the day: then it is played again.
  const played = { retry: 2, timeout: (hours / speed) * 3_600_000 + 180_000 };
  it('is what the real scaler, KEDA and the HPA do on the same day', played, async ({ annotate, skip }) => {
    const until = Math.floor(Date.now() / 60_000) * 60;
    await seedTrace(until);
    const simulated = await askWhatIf(prometheus.url, workload, folder.file('trace.csv', ''));
    const startSeconds = until - hours * 3600;
    const before = simulated(startSeconds, until);
    const day = await playDay(prometheus.url, {
      ...workload,
      time: { startSeconds, wallStartSeconds: Date.now() / 1000, speed },
      untilSeconds: until,
      // Both begin alike, because an HPA within its tolerance keeps whatever number it has.
      initialReplicas: (name) => before.timeline(name).existing[0] ?? Number.NaN,
    });
    const { ticks, timeline } = simulated(day.readySeconds + settleSeconds, until);
    if (ticks.seconds.length < fewestTicks)
      skip(
        `this machine is too busy: the server was ready after ${Math.round((day.readySeconds - startSeconds) / 60)} min of the day`,
      );

    const compared = day.fleets.map((fleet) => ({
      ...fleet,
      real: judge(ticks, timelineOf(fleet, ticks), workload.target),
      told: judge(ticks, timeline(fleet.name), workload.target),
    }));
    for (const { name, real, told } of compared)
      await annotate(
        `${name}: ${real.replicas.toFixed(3)} replicas and ${(100 * real.shortShare).toFixed(2)} % short over ${ticks.seconds.length / 240} h; what-if says ${told.replicas.toFixed(3)} and ${(100 * told.shortShare).toFixed(2)} %`,
      );
    for (const { failedPolls, lastFailure, real, told } of compared) {
      expect(failedPolls, lastFailure).toBe(0);
      expect(Math.abs(told.replicas / real.replicas - 1)).toBeLessThan(allowedDifference);
    }
    // The reactive rule is short for hours with a replica too few, which its HPA tolerates, so that one sync more or less decides.
    const [forescale] = compared;
    const shortDifference = (forescale?.told.shortShare ?? 1) - (forescale?.real.shortShare ?? 0);
    expect(Math.abs(shortDifference)).toBeLessThan(allowedShortDifference);
    // The two policies are farther apart than what is allowed: a what-if that took one for the other would be found.
    const [ours = Number.NaN, reactive = Number.NaN] = compared.map(({ real }) => real.replicas);
    expect(ours / reactive).toBeGreaterThan(1 + allowedDifference);
  });

  /** Writes the trace as the counter that Prometheus would have scraped, so that it ends at `until`. */
  async function seedTrace(until: number): Promise<void> {
    const history = parseCsvHistory(readFileSync(tracePath(traceName) ?? '', 'utf8'));
    const values = history.values.slice(0, -cutHours * 60 || undefined);
    const perRow = history.stepSeconds / scrapeSeconds;
    const rates = new Float64Array(values.length * perRow).map((_, i) => values[Math.floor(i / perRow)] ?? 0);
    await remoteWrite({
      url: prometheus.url,
      series: {
        metric: 'shop_requests_total',
        labels: {},
        kind: 'counter',
        timestamps: rates.map((_, i) => until - (rates.length - 1 - i) * scrapeSeconds),
        values: integrateRates(rates, scrapeSeconds),
      },
    });
  }
});
