import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteWrite } from '../../../../src/seed/remote-write.ts';
import { startPrometheus } from '../../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../../tools/programs/server-process.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { demandAt } from '../../../edges/api/fixture.ts';
import { chromiumPath, launchChromium, openWatchedPage, whyNoChromium } from '../../../support/chromium.ts';
import { eventually } from '../../../support/eventually.ts';
import { picturesIn } from '../../../support/pictures.ts';
import { createKedaCaller } from '../../integration/scaler-client.ts';
import { skippedNote, whyMissing } from '../../real-programs.ts';
import { type ServeProcess, startServeProcess } from '../../serve-process.ts';

const takePicture = picturesIn('pictures-of-the-page');
const missing = await whyMissing('prometheus');
const why = chromiumPath === undefined ? whyNoChromium : skippedNote(missing);
const minute = 60;
const day = 86_400;
const trigger = { query: 'demand', threshold: '10', unit: 'requests/s' };

describe.skipIf(missing !== undefined || chromiumPath === undefined)(
  `the page of a real service, in Chromium${why}`,
  () => {
    let prometheus: RunningProgram;
    let state: TemporaryFolder;
    let server: ServeProcess;
    let browser: Browser;

    beforeAll(async () => {
      prometheus = await startPrometheus({ env: process.env });
      // Samples a little ahead of now keep the observed demand fresh while the test runs.
      const last = Math.floor(Date.now() / 1000 / minute) * minute + 9 * minute;
      const count = (9 * day) / minute;
      const timestamps = Float64Array.from(
        { length: count },
        (_, index) => last - (count - 1 - index) * minute,
      );
      const values = timestamps.map(demandAt);
      await remoteWrite({
        url: prometheus.url,
        series: { metric: 'demand', labels: {}, kind: 'gauge', timestamps, values },
      });
      state = await openTemporaryFolder('forescale-page');
      server = await startServeProcess(prometheus.url, { flags: ['--state-dir', state.path] });
      await askAsKeda();
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      await state?.remove();
      await prometheus?.stop();
    });

    /** Asks for a workload with demand and for one whose query gives nothing, until the forecast of the first decides. */
    async function askAsKeda(): Promise<void> {
      const keda = createKedaCaller(server.grpcPort);
      try {
        await keda.value('nothing', { ...trigger, query: 'no_such_metric' }).catch(() => undefined);
        await eventually(
          async () => {
            await keda.value('checkout', trigger);
            const status = await fetch(`${server.httpUrl}/api/v1/workloads/shop/checkout`);
            return ((await status.json()) as { decision: { predictedPeak: number | null } }).decision
              .predictedPeak;
          },
          (peak) => peak !== null,
        );
      } finally {
        keda.close();
      }
    }

    it('leads from the workload that is worst to why another has its replicas, to what if, and to the kill switch', async () => {
      const { page, complaints, asked } = await openWatchedPage(browser, 1440, 950);
      const waitForText = (selector: string, words: string | RegExp) =>
        page.locator(selector).getByText(words).first().waitFor();
      await page.goto(server.httpUrl);
      await waitForText('#overview-title', '1 needs attention of 2');
      const rows = page.locator('#workloads tbody tr');
      expect(await rows.first().innerText()).toMatch(/^shop\/nothing/);

      await rows.nth(1).getByRole('link').click();
      await waitForText('#headline', 'Trusted');
      const asksFor = (await page.locator('#replicas').textContent()) ?? '';
      expect(await page.locator('#sentence').textContent()).toContain('requests/s');
      await waitForText('#why-title', `Why ${asksFor} replica`);

      await takePicture(page, 'real-workload');

      // The record knows why, though the page was not open then.
      const at = Math.floor(Date.now() / 1000);
      await page.goto(`${server.httpUrl}/#/shop/checkout?at=${at}`);
      await waitForText(
        '#why-sentence',
        /^KEDA was told [\d.,]+ requests\/s, which is \d+ replicas? at 10 requests\/s each: demand was/,
      );
      expect(await page.locator('#why-sums table').count()).toBe(2);

      await takePicture(page, 'real-moment');
      await page.getByRole('link', { name: 'What if?' }).click();
      await waitForText('#verdict', /cheaper|cost the same|At no target/);
      expect(await page.locator('#result-table tbody tr').count()).toBeGreaterThanOrEqual(3);

      await takePicture(page, 'real-what-if');

      await page.getByRole('button', { name: 'Turn forecasts off…' }).click();
      await page.getByRole('button', { name: 'Turn forecasts off', exact: true }).click();
      await waitForText('#mode-state', 'Kill switch on');
      await page.getByRole('link', { name: 'All workloads' }).last().click();
      await waitForText('#workloads .state', 'reactive');
      await takePicture(page, 'real-overview');
      expect(asked.filter((address) => !address.startsWith(server.httpUrl))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    }, 300_000);
  },
);
