import type { Page } from 'playwright-core';

/**
 * About how many points of the chart in the element `chart` have the colour of a CSS custom property. The code for the
 * browser is a text, because the compiler knows no DOM here, and should not.
 */
export function pointsPainted(page: Page, chart: string, colour: string): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('#${chart} canvas');
    if (canvas === null) return 0;
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--${colour}');
    probe.fillRect(0, 0, 1, 1);
    const wanted = probe.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const distance = [0, 1, 2].reduce((sum, k) => sum + Math.abs(data[i + k] - wanted[k]), 0);
      if (data[i + 3] > 200 && distance < 30) count += 1;
    }
    return count;
  })()`);
}
