import { describe, expect, it } from 'vitest';
import {
  directoryOf,
  goodDecision,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../../edges/api/fixture.ts';
import { useBrowser } from '../../../support/browser-session.ts';
import { chromiumPath, whyNoChromium } from '../../../support/chromium.ts';
import { pointsPainted } from '../../../support/points-painted.ts';
import { pageOptions } from './page-fixture.ts';

describe.skipIf(chromiumPath === undefined)(`the page of a workload, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions());

  it('says the state and a sentence first, with numbers that agree', async () => {
    await session.open('#/shop/checkout');
    await session.waitForText('#headline', 'Trusted');
    expect(await session.page.locator('#state').getAttribute('data-state')).toBe('trusted');
    const [sentence, asked, planned] = await Promise.all(
      ['#sentence', '#replicas', '#planned'].map(session.text),
    );
    expect(sentence).toContain(
      `${asked} replicas are asked for because a mean over 5 minutes of up to ${planned} is possible`,
    );
    expect(sentence).toContain('within the next 7 minutes; 1 in 36 times it is more.');
    expect(sentence).not.toContain('more is coming');
    expect(await session.text('#why-title')).toBe(`Why ${asked} replicas now?`);
    expect(await session.text('#replicas-note')).toBe('at 20 requests/s each; 6 ready, at most 20');
    expect(await session.text('#service')).toBe('99.1%');
    expect(await session.text('#service-note')).toContain(
      'promised 99% of the time; 10% of the short time it allows is left',
    );
    expect(await session.text('#saved')).toBe('11h 55m less short');
    expect(await session.text('#week-summary')).toMatch(
      /^Over the last 7 days demand was above .*fewer replica-hours\.$/,
    );
    expect(await session.text('#accuracy')).toMatch(
      /^Recent forecasts are good: off by [\d.]+% on average 5m ahead/,
    );
    expect(await session.text('#peaks-note')).toBe('maxReplicaCount is 20, which is enough.');
    expect(await session.page.title()).toBe('trusted: shop/checkout – Forescale');
    session.expectQuiet();
  });

  it('draws what came, what had been forecast, what is forecast, and the signal of the past from the record', async () => {
    await session.open('#/shop/checkout');
    await expect.poll(() => pointsPainted(session.page, 'demand', 'observed')).toBeGreaterThan(500);
    expect(await pointsPainted(session.page, 'demand', 'forecast')).toBeGreaterThan(50);
    expect(await pointsPainted(session.page, 'demand', 'signal')).toBeGreaterThan(400);
    expect(await pointsPainted(session.page, 'demand', 'other')).toBeGreaterThan(30);
    for (const colour of ['observed', 'other', 'signal', 'bad'])
      expect(await pointsPainted(session.page, 'fleet', colour), colour).toBeGreaterThan(100);
    expect(await session.text('#kept-note')).toMatch(
      /^In 100% of 28\d past decisions KEDA was told enough for the demand that came/,
    );
    const legend = await session.page.locator('#demand .u-legend .u-label').allTextContents();
    expect(legend).toEqual([
      'Time',
      'Was expected',
      'Was planned for',
      'Observed',
      'Forecast',
      '9 in 10 stay below',
      '99 in 100 stay below',
      'Signal',
    ]);
    const bands = session.page.locator('#demand .u-legend .band .u-marker');
    const fills = await bands.evaluateAll((all) =>
      all.map((one) => (one as unknown as { style: { background: string } }).style.background),
    );
    expect(new Set(fills).size).toBe(3);
    session.expectQuiet();
  });

  it('is drawn in the dark, and again when the light changes', async () => {
    await session.page.emulateMedia({ colorScheme: 'dark' });
    await session.open('#/shop/checkout');
    await expect.poll(() => pointsPainted(session.page, 'demand', 'observed')).toBeGreaterThan(500);
    await session.page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => pointsPainted(session.page, 'demand', 'observed')).toBeGreaterThan(500);
    session.expectQuiet();
  });

  it('explains a decision of the past that is chosen in the chart, in the list, or by its time, and keeps it in the link', async () => {
    const { page } = session;
    await session.open('#/shop/checkout');
    await session.waitForText('#why-title', 'now?');
    await page.locator('#demand .u-over').click({ position: { x: 300, y: 150 } });
    await session.waitForText('#why-when', /^At /);
    expect(await session.text('#why-sentence')).toMatch(
      /^KEDA was told [\d.]+ requests\/s, which is \d+ replicas at 20 requests\/s each: .*forecast decided.* Demand then reached/,
    );
    expect(page.url()).toMatch(/at=\d+$/);
    await page.getByRole('button', { name: 'Earlier change' }).click();
    const earlier = page.url();
    await page.locator('#changes a').nth(2).click();
    await expect.poll(() => page.url()).not.toBe(earlier);
    await expect.poll(() => page.locator('#changes a[aria-current]').count()).toBe(1);
    const asked = /→ (\d+)/.exec((await page.locator('#changes a[aria-current]').textContent()) ?? '')?.[1];
    await session.waitForText('#why-title', `Why ${asked} replicas?`);
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await session.waitForText('#why-title', `Why ${asked} replicas?`);
    await page.locator('#earlier').focus();
    await page.keyboard.press('Escape');
    await session.waitForText('#why-title', 'now?');
    expect(page.url()).not.toContain('at=');
    session.expectQuiet();
  });

  it('shows parts that add up to what KEDA was told and to what was planned for', async () => {
    await session.open(`#/shop/checkout?at=${nowSeconds - 7200}`);
    await session.waitForText('#why-when', /^At /);
    const sums = await session.page
      .locator('#why-sums table')
      .evaluateAll((tables) => tables.map((table) => (table as unknown as { innerText: string }).innerText));
    expect(sums).toHaveLength(2);
    for (const text of sums) {
      const [caption = '', ...rows] = text.split('\n').filter((line) => /\d/.test(line));
      const numberOf = (line: string) =>
        Number(/([+−]?[\d.]+)(?: requests\/s)?$/.exec(line)?.[1]?.replace('−', '-'));
      const sum = rows.reduce((total, row) => total + numberOf(row), 0);
      expect(Math.abs(sum - numberOf(caption)), text).toBeLessThan(0.02 * numberOf(caption));
    }
  });

  it('lets a moment be chosen by keyboard alone', async () => {
    const { page } = session;
    await session.open('#/shop/checkout');
    await session.waitForText('#why-title', 'now?');
    await page.getByRole('slider').first().focus();
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft');
    const chosen = await page.getByRole('slider').first().getAttribute('aria-valuetext');
    expect(chosen).toMatch(/\d\d:\d\d$/);
    await page.keyboard.press('Enter');
    await session.waitForText('#why-when', `At ${chosen}`);
    session.expectQuiet();
  });

  it('keeps the range in the link', async () => {
    await session.open('#/shop/checkout');
    await session.page.getByLabel('History').selectOption({ label: '8 hours' });
    expect(session.page.url()).toContain('range=8h');
    await session.page.reload();
    await session.waitForText('#headline', 'Trusted');
    expect(await session.page.getByLabel('History').inputValue()).toBe('8h');
  });

  it('opens links of before, without a slash, and those that name a trigger that is gone', async () => {
    await session.open('#shop/search');
    await session.waitForText('#headline', 'Blind');
    await session.page.goto('about:blank');
    await session.open('#/shop/checkout?trigger=00000000');
    await session.waitForText('#headline', 'Trusted');
    session.expectQuiet();
  });

  it('lets one of several triggers of a ScaledObject be chosen', async () => {
    const model = modelOf(taught(9));
    const two = [
      workloadOf(model),
      workloadOf(model, { trigger: 'b2b2b2b2', mode: 'reactive', decision: () => goodDecision }),
    ];
    await session.serve(pageOptions({ directory: directoryOf(two) }));
    await session.open('#/shop/checkout');
    await session.waitForText('#headline', 'Trusted');
    await session.page.getByLabel('Trigger').selectOption('b2b2b2b2');
    await session.waitForText('#headline', 'Reactive by choice');
    expect(session.page.url()).toContain('trigger=b2b2b2b2');
    session.expectQuiet();
  });

  it('hides charts that have nothing to show, and says why', async () => {
    await session.open('#/shop/newcomer');
    await session.waitForText('#headline', 'Learning: the observed demand is served – has 6h, needs 2d');
    expect(await session.text('#sentence')).toBe(
      '8 replicas are asked for to carry the 145 requests/s observed.',
    );
    expect(await session.text('#service')).toBe('–');
    expect(await session.text('#week-summary')).toMatch(/^No decision could be played yet/);
    const lost = modelOf(taught(0), { observed: () => undefined });
    await session.serve(
      pageOptions({
        directory: directoryOf([workloadOf(lost, { name: 'lost', decision: () => undefined })]),
      }),
    );
    await session.open('#/shop/lost');
    await session.waitForText('#headline', 'Unavailable');
    expect(await session.page.locator('#demand-chart').isVisible()).toBe(false);
    expect(await session.page.locator('#fleet-chart').isVisible()).toBe(false);
    // The title is written once everything is.
    await expect.poll(() => session.page.title()).toBe('unavailable: shop/lost – Forescale');
    expect(await session.page.locator('#trouble').isVisible()).toBe(false);
    session.expectQuiet();
  });

  it('says that a fault of its own is one, and not that the server is away', async () => {
    await session.page.route('**/assets/uplot/uPlot.esm.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'export default class { static join() {} }' }),
    );
    await session.open('#/shop/checkout');
    await session.waitForText('#trouble', 'This page has a fault, please report it: TypeError');
  });
});
