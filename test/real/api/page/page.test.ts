import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { directoryOf } from '../../../edges/api/fixture.ts';
import { useBrowser } from '../../../support/browser-session.ts';
import { chromiumPath, openWatchedPage, whyNoChromium } from '../../../support/chromium.ts';
import { pageOptions } from './page-fixture.ts';

/** Sets whether the page counts as visible. */
function setHidden(page: Page, isHidden: boolean): Promise<unknown> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

describe.skipIf(chromiumPath === undefined)(`the page, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions());

  it('asks nothing while it is hidden', async () => {
    const { browser, url } = session;
    const { page, asked } = await openWatchedPage(browser, 1440, 950);
    let answered = 0;
    page.on('requestfinished', () => answered++);
    page.on('requestfailed', () => answered++);
    await page.clock.install();
    await page.goto(`${url}/#/shop/checkout`);
    await page.locator('#headline').getByText('Trusted').waitFor();
    const seen = asked.length;
    await page.clock.runFor(2100);
    await expect.poll(() => asked.length).toBeGreaterThan(seen);
    await setHidden(page, true);
    // A refresh that had begun asks for one thing after the other: it is over when nothing was asked for a while.
    let before = -1;
    const isStill = () => {
      const isSame = asked.length === before && asked.length === answered;
      before = asked.length;
      return isSame;
    };
    await expect.poll(isStill, { interval: 500 }).toBe(true);
    const whenHidden = asked.length;
    await page.clock.runFor(60_000);
    // Answers to earlier requests of the page would arrive before this.
    await page.evaluate(`fetch('/api/v1/status')`);
    expect(asked.slice(whenHidden)).toEqual([`${url}/api/v1/status`]);
    await setHidden(page, false);
    await expect.poll(() => asked.length).toBeGreaterThan(whenHidden + 1);
    await page.close();
  });

  it('says so when there is no workload, and when the server is gone', async () => {
    await session.serve(pageOptions({ directory: directoryOf([]) }));
    await session.open('');
    await session.waitForText('#nothing-yet', 'KEDA has not asked for a workload yet');
    await session.endServer();
    await session.waitForText('#trouble', 'Cannot reach Forescale');
  });

  it('says so where the link names a workload that nobody knows, with a way back', async () => {
    await session.open('#/shop/nobody');
    await session.waitForText('#trouble', /no workload shop\/nobody/);
    await session.page.getByRole('link', { name: 'All workloads' }).first().click();
    await session.waitForText('#overview-title', 'needs attention of 3');
    expect(await session.page.locator('#trouble').isVisible()).toBe(false);
  });

  it('has a reference page of the API beside it', async () => {
    await session.page.goto(`${session.url}/docs`);
    await session.page.getByText('/api/v1/workloads/{namespace}/{name}/forecast').waitFor();
    const icon = session.page.locator('link[rel="icon"]').first();
    expect(await icon.getAttribute('type')).toBe('image/svg+xml');
    // A bar would have the logo of another project.
    expect(await session.page.locator('.topbar').count()).toBe(0);
    session.expectQuiet();
  });
});
