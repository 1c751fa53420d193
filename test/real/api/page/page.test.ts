import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import { directoryOf } from '../../../edges/api/fixture.ts';
import { chromiumPath, launchChromium, openWatchedPage, whyNoChromium } from '../../../support/chromium.ts';
import { pointsPainted } from '../../../support/points-painted.ts';
import { pageOptions } from './page-fixture.ts';

/** Sets whether the page counts as visible. */
function setHidden(page: Page, isHidden: boolean): Promise<unknown> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

describe.skipIf(chromiumPath === undefined)(`the page, in Chromium${whyNoChromium}`, () => {
  let browser: Browser;
  let app: ApiInstance;
  let url: string;
  let page: Page;
  let complaints: string[];
  let asked: string[];
  let answered: number;

  const serve = async (options = pageOptions()) => {
    app = await createApiApp(options);
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  };
  const text = (selector: string) => page.locator(selector).textContent();
  const waitForText = (selector: string, words: string) => page.locator(selector).getByText(words).waitFor();

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    await serve();
    ({ page, complaints, asked } = await openWatchedPage(browser, 1280, 950));
    answered = 0;
    page.on('requestfinished', () => answered++);
    page.on('requestfailed', () => answered++);
  });
  afterEach(async () => {
    await page.close();
    await app.close();
  });

  it('says what decides, draws demand, forecast and replicas, and asks nobody else', async () => {
    await page.goto(url);
    await waitForText('#headline', 'Trusted');
    expect(await page.locator('#state').getAttribute('data-state')).toBe('trusted');
    await expect.poll(() => pointsPainted(page, 'demand', 'observed')).toBeGreaterThan(500);
    expect(await pointsPainted(page, 'demand', 'forecast')).toBeGreaterThan(50);
    expect(await pointsPainted(page, 'demand', 'signal')).toBeGreaterThan(20);
    expect(await pointsPainted(page, 'fleet', 'observed')).toBeGreaterThan(100);
    expect(await text('#signal')).toMatch(/^\d+$/);
    expect(await text('#replicas-note')).toBe('to carry 20 each');
    expect(await text('#seasons')).toContain('1d');
    const parts = await text('#parts');
    expect(parts).toMatch(
      /^The peak of [\d.]+ at the level asked for: usual level [\d.]+, [\d.]+ (more|less) at this time of day, .*safety margin\.$/,
    );
    const [peak = Number.NaN, ...summands] = [...(parts ?? '').matchAll(/([\d.]*\d)( less| below)?/g)].map(
      ([, number, isLess]) => (isLess === undefined ? 1 : -1) * Number(number),
    );
    expect(Math.abs(summands.reduce((sum, part) => sum + part, 0) - peak)).toBeLessThan(0.02 * peak);
    expect(await text('#explanation')).toMatch(/^KEDA is told \d+.* the forecast decides; /);
    expect(await text('#peak-note')).toBe('97.2% sure, for the next 7m');
    expect(await text('#short')).toBe('0.9%');
    expect(await text('#short-note')).toBe('reactive rule: 8%');
    expect(await text('#hours')).toBe('1,075');
    expect(await text('#hours-note')).toBe('reactive rule: 1,008');
    expect(await text('#outcome')).toMatch(/^Over the last 7 days demand was above .*fewer replica-hours\.$/);
    expect(await text('#accuracy-note')).toMatch(/^5m ahead, [\d.]+% better than assuming no change/);
    expect(await page.title()).toContain('shop/checkout');
    expect(asked.filter((address) => !address.startsWith(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('is drawn in the dark, and again when the light changes', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(url);
    await expect.poll(() => pointsPainted(page, 'demand', 'observed')).toBeGreaterThan(500);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => pointsPainted(page, 'demand', 'observed')).toBeGreaterThan(500);
    expect(complaints).toEqual([]);
  });

  it('shows the workload that is picked, and the one in the link', async () => {
    await page.goto(url);
    await page.getByLabel('Workload').selectOption({ label: 'shop/newcomer' });
    await waitForText('#headline', 'Learning: the observed demand is served – has 6h, needs 2d');
    await expect.poll(() => text('#parts')).toBe('');
    expect(await text('#short')).toBe('–');
    expect(await text('#outcome')).toMatch(/^No decision could be played yet/);
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await waitForText('#headline', 'Learning: the observed demand is served');
    await page.getByLabel('Workload').selectOption({ label: 'shop/search' });
    await waitForText('#headline', 'Blind');
    expect(complaints).toEqual([]);
  });

  it('asks nothing while it is hidden', async () => {
    await page.clock.install();
    await page.goto(url);
    await waitForText('#headline', 'Trusted');
    const seen = asked.length;
    await page.clock.runFor(2100);
    await expect.poll(() => asked.length).toBeGreaterThan(seen);
    await setHidden(page, true);
    await expect.poll(() => asked.length - answered).toBe(0);
    const whenHidden = asked.length;
    await page.clock.runFor(60_000);
    // Answers to earlier requests of the page would arrive before this.
    await page.evaluate(`fetch('/api/v1/status')`);
    expect(asked.slice(whenHidden)).toEqual([`${url}/api/v1/status`]);
    await setHidden(page, false);
    await expect.poll(() => asked.length).toBeGreaterThan(whenHidden + 1);
  });

  it('says so when there is no workload, and when the server is gone', async () => {
    await app.close();
    await serve(pageOptions({ directory: directoryOf([]) }));
    await page.goto(url);
    await waitForText('#headline', 'No workload yet');
    await app.close();
    await waitForText('#headline', 'Cannot reach Forescale');
  });

  it('has a reference page of the API beside it', async () => {
    await page.goto(`${url}/docs`);
    await page.getByText('/api/v1/workloads/{namespace}/{name}/forecast').waitFor();
    expect(asked.filter((address) => !address.startsWith(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
