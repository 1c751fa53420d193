import { describe, expect, it } from 'vitest';
import { type BrowserSession, useBrowser } from '../../../support/browser-session.ts';
import { chromiumPath, whyNoChromium } from '../../../support/chromium.ts';
import { madeWorkloads } from './made-workloads.ts';
import { pageOptions } from './page-fixture.ts';

describe.skipIf(chromiumPath === undefined)(`the overview of the page, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions({ directory: madeWorkloads(60) }));
  const rows = () => session.page.locator('#workloads tbody tr');

  it('is the first view, with the worst first, in colour and words', async () => {
    await session.open('');
    await session.waitForText('#overview-title', '9 need attention of 60');
    expect(await rows().count()).toBe(60);
    const first = rows().first();
    expect(await first.getAttribute('data-attention')).toBe('critical');
    expect(await first.locator('.badge').textContent()).toBe('unavailable');
    expect(await first.locator('.reason').textContent()).toContain('the query gives no series');
    const attentions = await rows().evaluateAll((all) =>
      all.map((row) => (row as unknown as { dataset: Record<string, string> }).dataset['attention']),
    );
    const order = ['critical', 'warning', 'notice', 'ok'];
    expect(attentions).toEqual([...attentions].sort((a = '', b = '') => order.indexOf(a) - order.indexOf(b)));
    expect(await rows().nth(3).locator('.peak').getAttribute('class')).toContain('too-high');
    expect(await session.page.title()).toBe('9 need attention of 60 – Forescale');
    session.expectQuiet();
  });

  it('is searched and filtered by state, and keeps both in its link', async () => {
    await session.open('');
    await session.waitForText('#overview-title', '60');
    await session.page.getByLabel('Search').fill('TEAM-3/');
    await session.waitForText('#overview-title', 'that match');
    await expect.poll(() => rows().count()).toBe(9);
    await session.page.getByRole('button', { name: /^trusted/ }).click();
    await expect.poll(() => rows().count()).toBe(8);
    expect(session.page.url()).toContain('search=TEAM-3%2F&state=trusted');
    const link = session.page.url();
    await session.page.goto('about:blank');
    await session.page.goto(link);
    await expect.poll(() => rows().count()).toBe(8);
    expect(await session.page.getByLabel('Search').inputValue()).toBe('TEAM-3/');
    expect(await session.page.getByRole('button', { name: /^trusted/ }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    await session.page.getByLabel('Search').fill('nothing like it');
    await session.waitForText('#nothing-matches', 'No workload matches');
    session.expectQuiet();
  });

  it('leads to a workload by a click anywhere in a row, and by keyboard, and back', async () => {
    await session.open('');
    await rows().nth(20).locator('td.lead').click({ force: true });
    await session.waitForText('#headline', 'Trusted');
    expect(session.page.url()).toMatch(/#\/team-\d\/service-\d{4}$/);
    await session.page.goBack();
    await session.waitForText('#overview-title', '9 need attention');
    await rows().nth(21).getByRole('link').focus();
    await session.page.keyboard.press('Enter');
    await session.waitForText('#headline', 'Trusted');
    session.expectQuiet();
  });

  it('keeps the focus on a row while it is refreshed', async () => {
    await session.open('');
    const link = rows().nth(12).getByRole('link');
    await link.focus();
    const before = session.asked.filter((address) => address.includes('/workloads?')).length;
    await expect
      .poll(() => session.asked.filter((address) => address.includes('/workloads?')).length)
      .toBeGreaterThan(before + 1);
    expect(await session.page.evaluate(`document.activeElement.textContent`)).toBe(await link.textContent());
  });
});

/** Opens the overview, and says how long the main thread of the page worked until it was painted, seconds of its own CPU time. */
async function secondsToPaint(session: BrowserSession): Promise<number> {
  const { page } = session;
  const measured = await page.context().newCDPSession(page);
  await measured.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.open('');
  await session.waitForText('#overview-title', 'need attention of');
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
  const { metrics } = await measured.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

describe.skipIf(chromiumPath === undefined)(`a thousand workloads, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions({ directory: madeWorkloads(60) }));

  it('cost at most eight times the work of sixty, and a refresh touches no row that is as it was', async () => {
    const sixty = await secondsToPaint(session);
    await session.serve(pageOptions({ directory: madeWorkloads(1000) }));
    const thousand = await secondsToPaint(session);
    console.log(
      `the main thread works ${sixty.toFixed(2)} s for 60 workloads, ${thousand.toFixed(2)} s for 1,000`,
    );
    expect(await session.text('#overview-title')).toBe('150 need attention of 1,000');
    expect(await session.page.locator('#workloads tbody tr').count()).toBe(1000);
    expect(thousand / sixty).toBeLessThan(8);
    await session.page.evaluate(`
      window.changes = 0;
      new MutationObserver((seen) => (changes += seen.length))
        .observe(document.querySelector('#workloads tbody'), { childList: true, subtree: true, attributes: true, characterData: true })
    `);
    const lists = () => session.asked.filter((address) => address.includes('/workloads?')).length;
    const before = lists();
    await expect.poll(lists).toBeGreaterThan(before + 1);
    expect(await session.page.evaluate(`changes`)).toBe(0);
    session.expectQuiet();
  });
});
