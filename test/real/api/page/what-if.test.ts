import { describe, expect, it } from 'vitest';
import { useBrowser } from '../../../support/browser-session.ts';
import { chromiumPath, whyNoChromium } from '../../../support/chromium.ts';
import { pageOptions } from './page-fixture.ts';

const guarded = () => pageOptions({ boundToLoopback: false, token: async () => 'sesame-sesame-sesame' });

describe.skipIf(chromiumPath === undefined)(`the what-if of the page, in Chromium${whyNoChromium}`, () => {
  const session = useBrowser(() => pageOptions());
  const rows = () => session.page.locator('#result-table tbody tr:not(.group)').allInnerTexts();

  it('plays the settings of now, and changed ones beside them, and says which is cheaper', async () => {
    const { page } = session;
    await session.open('#/shop/checkout');
    await page.getByRole('link', { name: 'What if?' }).click();
    await session.waitForText(
      '#verdict',
      'Forescale is cheaper: for the same time short it needs 12% fewer replica-hours',
    );
    expect(await rows()).toHaveLength(3);
    expect(await page.getByLabel('Demand per replica').getAttribute('aria-valuetext')).toBe('20 requests/s');
    await page.getByLabel('Demand per replica').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByLabel('Demand per replica').getAttribute('aria-valuetext')).toBe('25 requests/s');
    await session.waitForText(
      '#verdict',
      'With the changed settings Forescale needs 20% fewer replica-hours',
    );
    expect(await rows()).toHaveLength(6);
    expect(page.url()).toContain('/what-if?target=25');
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await session.waitForText('#verdict', 'With the changed settings');
    await page.getByRole('button', { name: 'Back to the settings of now' }).click();
    await expect.poll(rows).toHaveLength(3);
    expect(page.url()).not.toContain('target');
    session.expectQuiet();
  });

  it('says what is wrong with settings that cannot be', async () => {
    await session.open('#/shop/checkout/what-if?minReplicas=30&maxReplicas=5');
    await session.waitForText('#what-if-refusal', /maxReplicas/);
  });

  it('asks for the token where the server does', async () => {
    await session.serve(guarded());
    await session.open('#/shop/checkout/what-if');
    await session.waitForText('#what-if-refusal', 'only for those with its API token');
    await session.page.locator('#play-again').getByLabel('API token').fill('sesame-sesame-sesame');
    await session.page.keyboard.press('Enter');
    await session.waitForText('#verdict', 'Forescale is cheaper');
    expect(await session.page.locator('#what-if-refusal').isVisible()).toBe(false);
  });
});

describe.skipIf(chromiumPath === undefined)(
  `the kill switch of the page, in Chromium${whyNoChromium}`,
  () => {
    const session = useBrowser(() => pageOptions());

    it('is turned after a question, and its state is on every view', async () => {
      const { page } = session;
      await session.open('');
      await session.waitForText('#mode-state', 'Forecasts in use');
      const button = page.getByRole('button', { name: 'Turn forecasts off…' });
      await button.click();
      await page.getByRole('heading', { name: 'Turn all forecasts off?' }).waitFor();
      await page.keyboard.press('Escape');
      expect(await page.locator('#mode-dialog').isVisible()).toBe(false);
      expect(await button.evaluate(`document.activeElement.id`)).toBe('mode-button');
      await button.click();
      await page.getByRole('button', { name: 'Turn forecasts off', exact: true }).click();
      for (const view of ['', '#/shop/checkout', '#/shop/checkout/what-if']) {
        await session.open(view);
        await session.waitForText(
          '#mode-state',
          'Kill switch on: every workload is scaled by the demand observed now',
        );
      }
      await session.open('#/shop/checkout');
      await session.waitForText('#headline', 'Reactive: the kill switch is on');
      await page.getByRole('button', { name: 'Turn forecasts on…' }).click();
      await page.getByRole('button', { name: 'Turn forecasts on', exact: true }).click();
      await session.waitForText('#headline', 'Trusted');
      session.expectQuiet();
    });

    it('asks for the token where the server does, and says that one is wrong', async () => {
      const { page } = session;
      await session.serve(guarded());
      await session.open('');
      await page.getByRole('button', { name: 'Turn forecasts off…' }).click();
      await page.getByRole('button', { name: 'Turn forecasts off', exact: true }).click();
      await session.waitForText('#mode-trouble', 'The server asks for its API token');
      const token = page.locator('#mode-dialog').getByLabel('API token');
      await token.fill('wrong');
      await page.keyboard.press('Enter');
      await session.waitForText('#mode-trouble', 'the bearer token is not the one');
      await token.fill('sesame-sesame-sesame');
      await page.keyboard.press('Enter');
      await session.waitForText('#mode-state', 'Kill switch on');
    });
  },
);
