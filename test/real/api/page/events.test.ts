import { describe, expect, it } from 'vitest';
import { useBrowser } from '../../../support/browser-session.ts';
import { chromiumPath, whyNoChromium } from '../../../support/chromium.ts';
import { colourAt } from '../../../support/points-painted.ts';
import { pageOptions } from './page-fixture.ts';

describe.skipIf(chromiumPath === undefined)(`events on the page, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions());

  it('are listed with what is expected of them, those that take place first', async () => {
    await session.open('#/shop/checkout');
    await session.waitForText('#events', 'Epiphany');
    const rows = await session.page
      .locator('#events tbody tr')
      .evaluateAll((all) => all.map((row) => [...row.children].map(({ textContent }) => textContent)));
    expect(rows).toEqual([
      ['Epiphany', 'now, Tue, Jan 6', '0.724 × an ordinary day, learned from 3'],
      ['TV ad', 'Tue, Jan 6 10:00 for 30m', '2.5 × an ordinary day, as given'],
      ['Winter sale', 'Mon, Jan 12 to Tue, Jan 13', 'as an ordinary day, until there was one to learn from'],
    ]);
    session.expectQuiet();
  });

  it('are told to screen readers where a chart shades them, past and coming', async () => {
    await session.open('#/shop/checkout');
    const words =
      'Events shaded: Load test, Mon, Jan 5 16:00 for 2h; Epiphany, Tue, Jan 6; TV ad, Tue, Jan 6 10:00 for 30m.';
    await session.waitForText('#demand-summary', words);
    await session.waitForText('#fleet-summary', words);
    await session.open('#/shop/search');
    await session.waitForText('#no-events', 'No calendar has an event for it in the next 30 days.');
    expect(await session.text('#demand-summary')).not.toContain('Events');
  });

  it.each(['light', 'dark'] as const)('are shaded in both charts when it is %s', async (colorScheme) => {
    await session.page.emulateMedia({ colorScheme });
    await session.open('#/shop/checkout');
    await session.waitForText('#events', 'Epiphany');
    // A range of a day ends two hours ahead: the test was from 7 to 9 hours after its begin, and nothing was before it.
    for (const chart of ['demand', 'fleet']) {
      await expect.poll(() => colourAt(session.page, chart, 8 / 26)).not.toBe('');
      const [shaded, plain] = [
        await colourAt(session.page, chart, 8 / 26),
        await colourAt(session.page, chart, 4 / 26),
      ];
      expect(shaded, chart).not.toBe(plain);
    }
    session.expectQuiet();
  });
});
