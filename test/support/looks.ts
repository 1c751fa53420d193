import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { barriers } from './barriers.ts';

/** Sizes of the screens that pages are made for, pixels. */
export const sizes = { desktop: { width: 1440, height: 950 }, phone: { width: 390, height: 844 } } as const;
const looks = (['light', 'dark'] as const).flatMap((light) =>
  (['desktop', 'phone'] as const).map((size) => [light, size] as const),
);

/**
 * Expects that a page keeps nobody out and is no wider than the screen, in light and dark, on a desktop and a phone. `takePicture` is
 * called with the name of each look.
 */
export async function expectNoBarriers(page: Page, takePicture: (look: string) => Promise<void>) {
  for (const [light, size] of looks) {
    await page.setViewportSize(sizes[size]);
    await page.emulateMedia({ colorScheme: light, reducedMotion: 'reduce' });
    await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
    await takePicture(`${size}-${light}`);
    const by = light === 'light' ? 'all' : 'colours';
    expect(await barriers(page, by), `${light} on a ${size}`).toEqual([]);
    const width = await page.evaluate<number>(`document.documentElement.scrollWidth`);
    expect(width, `${light} on a ${size}`).toBeLessThanOrEqual(sizes[size].width);
  }
}
