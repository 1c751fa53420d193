import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { nowSeconds } from '../../../edges/api/fixture.ts';
import { useBrowser } from '../../../support/browser-session.ts';
import { chromiumPath, whyNoChromium } from '../../../support/chromium.ts';
import { expectNoBarriers } from '../../../support/looks.ts';
import { picturesIn } from '../../../support/pictures.ts';
import { madeWorkloads } from './made-workloads.ts';
import { pageOptions } from './page-fixture.ts';

const takePicture = picturesIn('pictures-of-the-page');

interface View {
  readonly hash: string;
  /** What is there once the view has everything. */
  readonly shows: readonly [selector: string, words: string | RegExp];
  readonly workloads?: number;
  readonly first?: (page: Page) => Promise<unknown>;
}

const views: Readonly<Record<string, View>> = {
  overview: { hash: '', shows: ['#overview-title', '3 need attention of 20'], workloads: 20 },
  trusted: { hash: '#/shop/checkout', shows: ['#why-title', 'now?'] },
  moment: { hash: `#/shop/checkout?at=${nowSeconds - 14_400}&range=8h`, shows: ['#why-when', /^At /] },
  learning: { hash: '#/shop/newcomer', shows: ['#headline', 'Learning'] },
  blind: { hash: '#/shop/search', shows: ['#headline', 'Blind'] },
  unknown: { hash: '#/shop/nobody', shows: ['#trouble', 'no workload'] },
  'what-if': { hash: '#/shop/checkout/what-if?target=25', shows: ['#verdict', 'With the changed settings'] },
  'kill-switch': {
    hash: '',
    shows: ['#mode-state', 'Forecasts in use'],
    first: (page) => page.getByRole('button', { name: 'Turn forecasts off…' }).click(),
  },
};

describe.skipIf(chromiumPath === undefined)(`every view of the page, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions());
  it.each(Object.entries(views))(
    '%s keeps nobody out and is no wider than the screen, in light and dark, on a desktop and a phone',
    async (name, view) => {
      const { page } = session;
      if (view.workloads !== undefined)
        await session.serve(pageOptions({ directory: madeWorkloads(view.workloads) }));
      await session.open(view.hash);
      await session.waitForText(...view.shows);
      await view.first?.(page);
      await expectNoBarriers(page, (look) => takePicture(page, `${name}-${look}`));
    },
  );

  it('is walked through by keyboard in the order of reading, with a focus that is seen', async () => {
    const { page } = session;
    await session.open('#/shop/checkout');
    await session.waitForText('#why-title', 'now?');
    const seen: string[] = [];
    for (let press = 0; press < 14; press++) {
      await page.keyboard.press('Tab');
      seen.push(
        await page.evaluate<string>(`(() => {
          const { activeElement: focused } = document;
          const { outlineStyle, outlineWidth } = getComputedStyle(focused);
          const name = focused.getAttribute('aria-label') ?? focused.labels?.[0]?.textContent ?? focused.textContent;
          return (outlineStyle === 'none' || outlineWidth === '0px' ? 'NOT SEEN ' : '') + name.trim().split('\\n')[0].slice(0, 30).trim();
        })()`),
      );
    }
    expect(seen.filter((name) => name.startsWith('NOT SEEN'))).toEqual([]);
    const order = [
      'Skip to the content',
      'Forescale',
      'Turn forecasts off…',
      'API',
      'Metrics',
      'All workloads',
    ];
    expect(seen.slice(0, order.length)).toEqual(order);
    expect(seen).toContain('Moment to explain; Enter expla');
    expect(seen).toContain('Earlier change');
  });

  it('lets who comes by keyboard skip to the content of the view', async () => {
    const { page } = session;
    await session.open('#/shop/checkout');
    await session.waitForText('#why-title', 'now?');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(`document.activeElement.id`)).toBe('view');
    expect(page.url()).toMatch(/#\/shop\/checkout$/);
  });

  it('tells a screen reader of a new state once, and of no number', async () => {
    const { page } = session;
    await session.open('#/shop/checkout');
    await expect.poll(() => session.text('#announcement')).toBe('shop/checkout is trusted');
    await page.evaluate(`
      window.told = [];
      new MutationObserver(() => told.push(document.querySelector('#announcement').textContent))
        .observe(document.querySelector('#announcement'), { childList: true, characterData: true, subtree: true })
    `);
    const polls = () => session.asked.filter((address) => address.endsWith('/checkout')).length;
    const before = polls();
    await expect.poll(polls).toBeGreaterThan(before + 2);
    expect(await page.evaluate(`told`)).toEqual([]);
    await page.evaluate(
      `fetch('/api/v1/mode', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"mode":"reactive"}' })`,
    );
    await expect.poll(() => page.evaluate(`told`)).toEqual(['shop/checkout is reactive']);
  });
});
