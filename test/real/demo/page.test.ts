import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoPage } from '../../../demo/page/plugin.ts';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { demandAt, nowSeconds } from '../../edges/api/fixture.ts';
import { chromiumPath, useWatchedPage, whyNoChromium } from '../../support/chromium.ts';
import { pointsPainted } from '../../support/points-painted.ts';
import { pageOptions } from '../api/page/page-fixture.ts';

/** A fleet whose replicas follow demand by so many seconds; one that follows late rejects requests. */
function fleetOf(name: string, lagSeconds: number) {
  const samples = Array.from({ length: 240 }, (_, index) => {
    const t = nowSeconds - (239 - index) * 300;
    const ready = Math.ceil(demandAt(t - lagSeconds) / 20);
    const shed = lagSeconds > 0 ? index : 0;
    return { t, replicas: ready, ready, demand: demandAt(t), capacity: ready * 20, shed, p95Ms: 40 + shed };
  });
  return { name, samples };
}

describe.skipIf(chromiumPath === undefined)(`the page of the demo, in Chromium${whyNoChromium}`, () => {
  let app: ApiInstance;
  let url: string;
  let fleets: ReturnType<typeof fleetOf>[];
  let state: 'running' | 'withheld';

  beforeEach(async () => {
    fleets = [fleetOf('forescale', -600), fleetOf('reactive', 900)];
    state = 'running';
    const demoPage = createDemoPage({
      fleets: () => fleets,
      note: () => 'It is Tuesday.',
      simulatedSeconds: (t) => t - nowSeconds + Date.UTC(2026, 0, 6, 20) / 1000,
      state: () => state,
    });
    app = await createApiApp(pageOptions({ plugins: [demoPage] }));
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => app.close());
  const watched = useWatchedPage(1280, 950);

  it('shows what each fleet came to side by side, and asks nobody but this server', async () => {
    const { page, asked, complaints } = watched();
    await page.goto(`${url}/demo`);
    await page.locator('#fleets').getByText('reactive').waitFor();
    const rows = await page.locator('#fleets tr').allInnerTexts();
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^forescale\s+0\s+40 ms\s+\d+ of \d+\s+\d+\/s$/);
    expect(rows[1]).toMatch(/^reactive\s+239\s+279 ms\s+\d+ of \d+\s+\d+\/s$/);
    expect(await page.locator('#note').textContent()).toBe('It is Tuesday.');
    await expect.poll(() => pointsPainted(page, 'capacity', 'observed')).toBeGreaterThan(100);
    for (const colour of ['signal', 'other'])
      expect(await pointsPainted(page, 'capacity', colour)).toBeGreaterThan(100);
    await expect.poll(() => pointsPainted(page, 'rejected', 'other')).toBeGreaterThan(100);
    expect(await pointsPainted(page, 'latency', 'signal')).toBeGreaterThan(100);
    expect(asked.filter((address) => !address.startsWith(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('waits for the first samples, and says when the demo has ended', async () => {
    const { page } = watched();
    fleets = [];
    await page.goto(`${url}/demo/`);
    await page.getByText('It is Tuesday.').waitFor();
    fleets = [fleetOf('forescale', -600)];
    await page.locator('#fleets').getByText('forescale').waitFor();
    await app.close();
    await page.getByText('The demo does not answer').waitFor();
  });

  it('fits a phone, compares what is compared, and hides the comparison where it is withheld', async () => {
    const { page } = watched();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${url}/demo/`);
    await page.locator('#fleets').getByText('reactive').waitFor();
    await expect.poll(() => pointsPainted(page, 'capacity', 'observed')).toBeGreaterThan(100);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const hangsOver =
      "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.scrolls'))";
    expect(await page.evaluate(hangsOver)).toBe(0);
    state = 'withheld';
    await page.locator('#compared').waitFor({ state: 'hidden' });
    expect(await page.locator('#note').getAttribute('data-state')).toBe('withheld');
  });

  it('leads to the page of the workload, which a link names without its trigger', async () => {
    const { page } = watched();
    await page.goto(`${url}/demo/`);
    expect(await page.getByRole('link', { name: 'The forecast' }).getAttribute('href')).toBe('/#demo/app-a');
    await page.goto(`${url}/#shop/search`);
    await page.locator('#headline').getByText('Blind').waitFor();
  });
});
