import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { callTreeType } from '../../../src/telemetry-app/chain/call-tree.ts';
import { buildApp, postChain, scrape } from '../../edges/telemetry-app/app-in-process.ts';
import { startHttp } from '../../edges/telemetry-app/fake-upstream.ts';
import { chromiumPath, useWatchedPage, whyNoChromium } from '../../support/chromium.ts';

const secondsNow = () => Date.now() / 1000;

describe('the page of the telemetry app', () => {
  it('is served with a policy that lets in nothing from elsewhere, and counts as no demand', async () => {
    const app = buildApp({ errorPercent: 100, maxLatencyMs: 600_000, delay: () => new Promise(() => {}) });
    for (const path of [
      '/ui',
      '/ui/page.css',
      '/ui/page.js',
      '/ui/call-tree.js',
      '/ui/icon.svg',
      '/ui/state',
    ]) {
      const answer = await app.server.inject(path);
      expect([path, answer.statusCode]).toEqual([path, 200]);
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none';/);
      expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|http|\*/);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    }
    const counted = [...(await scrape(app)).keys()].filter((series) =>
      series.startsWith('app_requests_total'),
    );
    expect(counted).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)(
  `the page of the telemetry app, in Chromium${whyNoChromium}`,
  () => {
    let page: Page;
    let complaints: string[];
    let asked: string[];
    const opened: (() => Promise<unknown>)[] = [];

    async function start(name: string, options: Partial<TelemetryAppOptions> = {}) {
      const app = buildApp({ name, instance: `${name}-1`, clock: secondsNow, delay: sleep, ...options });
      const url = await app.server.listen({ host: '127.0.0.1', port: 0 });
      opened.push(() => app.close());
      return { app, url, destination: `${url}/process` };
    }

    /** a → b → d and a → c, with c down. */
    async function startApps() {
      const c = await start('c');
      await opened.pop()?.();
      const d = await start('d', { maxLatencyMs: 40 });
      const b = await start('b', { destinations: [d.destination] });
      return start('a', { destinations: [b.destination, c.destination], upstreamFailure: 'degrade' });
    }

    const text = (selector: string) => page.locator(selector).textContent();
    const items = () => page.locator('[role=treeitem] > .row .who');
    const focused = () => page.evaluate<string | null>(`document.activeElement.getAttribute('aria-label')`);

    afterEach(async () => {
      for (const close of opened.splice(0).reverse()) await close();
    });
    const watched = useWatchedPage(1100, 900);
    beforeEach(() => {
      ({ page, complaints, asked } = watched());
    });

    it('shows the newest tree, the rate, the latency and the replicas, live, and asks nobody else', async () => {
      const { app, url } = await startApps();
      await page.goto(`${url}/ui`);
      await page.getByText('ready – a-1').waitFor();
      expect(await text('#tree-note')).toBe('No request yet.');
      // Until the end of the test: what is shown is of the last seconds.
      const sending = setInterval(() => void postChain(app, []), 100);
      opened.push(async () => clearInterval(sending));
      await expect.poll(() => items().allTextContents()).toHaveLength(4);
      expect((await items().allTextContents()).map((one) => one.trim().split(/\s+/)[0])).toEqual([
        'a',
        'b',
        'd',
        expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      ]);
      expect(await page.locator('.why').textContent()).toMatch(/^upstream-unreachable: .*ECONNREFUSED/);
      await expect.poll(async () => Number(await text('#rate'))).toBeGreaterThan(0.5);
      expect(await text('#p95')).toMatch(/^\d+(\.\d+)? m?s$/);
      expect(await page.locator('#rate-line polyline').getAttribute('points')).toMatch(/^0,19 .* 60,/);
      const rows = await page.locator('#replicas tr').allTextContents();
      expect(rows.map((row) => /^(?:[abd][abd]-1answering|127\.0\.0\.1.*failing)/.test(row))).toEqual(
        new Array(4).fill(true),
      );
      expect(await page.title()).toBe('a – telemetry app');
      expect(asked.length).toBeGreaterThan(4);
      expect(asked.filter((address) => !address.startsWith(url))).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('works with the keyboard alone', async () => {
      const { url } = await startApps();
      await page.goto(`${url}/ui`);
      await page.getByText('ready – a-1').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Send a request');
      await page.keyboard.press('Enter');
      await expect.poll(() => items().count()).toBe(4);
      await expect
        .poll(() => page.evaluate<string>('document.activeElement.textContent'))
        .toBe('Send a request');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      expect(await page.locator('#pause').getAttribute('aria-pressed')).toBe('true');
      await page.keyboard.press('Tab');
      expect(await focused()).toMatch(/^a, status 200, /);
      await page.keyboard.press('ArrowRight');
      expect(await focused()).toMatch(/^b, status 200, /);
      await page.keyboard.press('End');
      expect(await focused()).toMatch(/^127\.0\.0\.1:\d+, no answer, upstream-unreachable, /);
      await page.keyboard.press('ArrowLeft');
      expect(await focused()).toMatch(/^a, /);
      await page.keyboard.press('ArrowLeft');
      expect(await items().filter({ visible: true }).count()).toBe(1);
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toMatch(/^a, /);
      await page.keyboard.press('ArrowRight');
      expect(await items().filter({ visible: true }).count()).toBe(4);
      expect(complaints).toEqual([]);
    });

    it('keeps what was closed and where the focus was when a new tree comes, and holds still when told to', async () => {
      const { app, url } = await startApps();
      await postChain(app, []);
      await page.goto(`${url}/ui`);
      await expect.poll(() => items().count()).toBe(4);
      const [first, trace] = [page.locator('[data-path="0-0"]'), () => text('#tree-note')];
      await first.focus();
      await page.keyboard.press('ArrowLeft');
      expect(await first.getAttribute('aria-expanded')).toBe('false');
      const before = await trace();
      await postChain(app, []);
      await expect.poll(trace).not.toBe(before);
      expect(await page.locator('[data-path="0-0"]').getAttribute('aria-expanded')).toBe('false');
      expect(await focused()).toMatch(/^b, /);
      await page.getByRole('button', { name: 'Hold still' }).click();
      const held = await trace();
      await postChain(app, []);
      const polls = asked.length;
      await expect.poll(() => asked.length).toBeGreaterThan(polls + 2);
      expect(await trace()).toBe(held);
    });

    it('shows what destinations say as the text it is', async () => {
      const hostile = '<img src="x" onerror="document.title = 1"><script>document.title = 2</script>';
      const call = { name: hostile, instance: hostile, status: 200, durationMs: 1, ownMs: 1, calls: [] };
      const tree = { chain: ['b'], call: { ...call, error: { code: hostile, detail: hostile } } };
      const upstream = await startHttp((_, response) =>
        response.writeHead(200, { 'content-type': callTreeType }).end(JSON.stringify(tree)),
      );
      opened.push(upstream.stop);
      const { app, url } = await start('a', { destinations: [upstream.url] });
      await postChain(app, []);
      await page.goto(`${url}/ui`);
      await expect.poll(() => items().allTextContents()).toHaveLength(2);
      expect(await items().nth(1).textContent()).toBe(`${hostile} ${hostile}`);
      expect(await text('.why')).toBe(`${hostile}: ${hostile}`);
      expect(await text('#replicas')).toContain(hostile);
      expect(await page.locator('main :is(img, script)').count()).toBe(0);
      expect(await page.title()).toBe('a – telemetry app');
      expect(complaints).toEqual([]);
    });

    it('is dark where that is preferred, and readable in both', async () => {
      const { url } = await startApps();
      await page.goto(`${url}/ui`);
      const lightness = (property: string) =>
        page.evaluate<number>(
          `getComputedStyle(document.documentElement).${property}.match(/\\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) / 765`,
        );
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await lightness('backgroundColor')).toBeLessThan(0.2);
      expect(await lightness('color')).toBeGreaterThan(0.8);
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await lightness('backgroundColor')).toBeGreaterThan(0.9);
      expect(await lightness('color')).toBeLessThan(0.3);
    });

    it('says what fails: the app itself, a drain, and an app that is gone', async () => {
      const { app, url } = await start('f', { errorPercent: 100 });
      await page.goto(`${url}/ui`);
      await page.getByText('ready – f-1').waitFor();
      await page.getByRole('button', { name: 'Send a request' }).click();
      await page.getByText('this app failed the request by itself').waitFor();
      await expect.poll(() => text('#failed')).toBe('100.0 %');
      app.drain();
      await page.getByText('draining – f-1').waitFor();
      await app.close();
      await page.getByText('cannot reach the app').waitFor();
    });
  },
);
