import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf, temporaryFolder, workingWeekRows } from '../../edges/cli/made-history.ts';
import { runCommand } from '../../edges/cli/run-command.ts';
import { chromiumPath, useWatchedPage, whyNoChromium } from '../../support/chromium.ts';

const wide = [1280, 900] as const;
const phone = [390, 844] as const;

describe.skipIf(chromiumPath === undefined)(`the report of a what-if, in Chromium${whyNoChromium}`, () => {
  const folder = temporaryFolder();
  let url: string;
  beforeAll(async () => {
    const csv = folder.file('week.csv', csvOf(workingWeekRows(8, 300)));
    const html = folder.file('report.html', '');
    url = pathToFileURL(html).href;
    const args = ['--csv', csv, '--target', '5', '--start-up', '5m', '--policy', 'reactive,cron,forescale'];
    await runCommand(['what-if', ...args, '--html', html]);
  });
  afterAll(() => folder.remove());
  const watched = useWatchedPage(...wide);

  /** Opens the report, and has `use` look at it; fails where it complained, or asked for more than itself. */
  async function looking(
    [width, height]: readonly [number, number],
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { page, complaints, asked } = watched();
    await page.setViewportSize({ width, height });
    await page.goto(url);
    await use(page);
    expect([complaints, asked]).toEqual([[], [url]]);
  }

  it('shows the day and the policy that are chosen, by mouse and by keyboard, and no other', async () => {
    await looking(wide, async (page) => {
      const charts = page.locator('[class^=of-day-]');
      const places = (selector: string, test: string) =>
        page.evaluate<number[]>(
          `[...document.querySelectorAll('${selector}')].flatMap((one, i) => (one.${test} ? [i] : []))`,
        );
      const visible = () => places('[class^=of-day-]', 'checkVisibility()');
      const chosen = await places('input[name=day]', 'checked');
      expect(await charts.count()).toBeGreaterThan(2);
      expect(chosen).toHaveLength(1);
      expect(await visible()).toEqual(chosen);
      await page.locator('label[for=day-0]').click();
      expect(await visible()).toEqual([0]);
      await page.keyboard.press('ArrowRight');
      expect(await visible()).toEqual([1]);

      const strips = page.locator('.of-day-1 .strip:visible');
      const words = async () => (await strips.allInnerTexts()).join('\n');
      expect(await words()).toMatch(/reactive: .*Forescale: /s);
      await page.locator('label', { hasText: 'cron' }).click();
      expect(await words()).toMatch(/cron: .*Forescale: /s);
      expect(await words()).not.toContain('reactive');
    });
  });

  it('draws every chart, with a name for those who cannot see it', async () => {
    await looking(wide, async (page) => {
      const charts = page.locator('.chart:visible');
      expect(await charts.count()).toBe(3);
      for (const chart of await charts.all()) {
        expect(await chart.getAttribute('aria-label')).toMatch(/demand|Replica-hours/);
        const widths = await Promise.all(
          (await chart.locator('.line.ours').all()).map(
            async (line) => (await line.boundingBox())?.width ?? 0,
          ),
        );
        expect(Math.max(...widths)).toBeGreaterThan(100);
      }
      const unnamed = await page.evaluate(
        "[...document.querySelectorAll('input')].filter((one) => one.labels.length === 0).length",
      );
      expect([unnamed, await page.locator('h1').count()]).toEqual([0, 1]);
    });
  });

  it('can be read on a phone: nothing is wider than the screen, and no word is smaller than 11 px', async () => {
    await looking(phone, async (page) => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone[0]);
      // The marks of short time are below the hours of the chart.
      const edges = async (selector: string) => {
        const box = await page.locator(`${selector}:visible`).first().boundingBox();
        return [box?.x, box?.width];
      };
      expect(await edges('.strip svg')).toEqual(await edges('.plot svg'));
      const sizes = await page.evaluate<number[]>(
        "[...document.querySelectorAll('main *')].map((one) => parseFloat(getComputedStyle(one).fontSize))",
      );
      expect(sizes.length).toBeGreaterThan(100);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    });
  });

  it.each(['light', 'dark'] as const)(
    'has words that stand out from the page, in %s',
    async (colorScheme) => {
      await looking(wide, async (page) => {
        await page.emulateMedia({ colorScheme });
        // Contrast as WCAG 2.2 defines it; AA asks for 4.5 of words and 3 of lines.
        const contrasts = await page.evaluate<Record<string, number>>(`(() => {
        const probe = document.createElement('canvas').getContext('2d');
        const luminance = (name) => {
          probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--' + name);
          probe.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...probe.getImageData(0, 0, 1, 1).data].map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (name, ground) => {
          const [low, high] = [luminance(name), luminance(ground)].sort((a, b) => a - b);
          return (high + 0.05) / (low + 0.05);
        };
        return Object.fromEntries(['text', 'quiet', 'ours', 'beside', 'short'].map((name) =>
          [name, Math.min(contrast(name, 'page'), contrast(name, 'card'))]));
      })()`);
        expect(contrasts['text']).toBeGreaterThan(7);
        expect(contrasts['quiet']).toBeGreaterThan(4.5);
        for (const name of ['ours', 'beside', 'short']) expect(contrasts[name], name).toBeGreaterThan(3);
      });
    },
  );
});
