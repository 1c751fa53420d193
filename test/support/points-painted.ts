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

/** The colour that most of a column of a chart's plot has, `share` of its width from the left; '' where there is no chart. */
export function colourAt(page: Page, chart: string, share: number): Promise<string> {
  return page.evaluate<string>(`(() => {
    const canvas = document.querySelector('#${chart} canvas');
    const plot = document.querySelector('#${chart} .u-over');
    if (canvas === null || plot === null) return '';
    const scale = canvas.width / canvas.clientWidth;
    const x = Math.round(scale * (plot.offsetLeft + ${share} * plot.clientWidth));
    const height = Math.round(scale * plot.clientHeight);
    const { data } = canvas.getContext('2d').getImageData(x, Math.round(scale * plot.offsetTop), 1, height);
    const counts = {};
    for (let i = 0; i < data.length; i += 4) {
      const colour = data.slice(i, i + 4).join();
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
    return Object.entries(counts).sort((a, b) => b[1] - a[1])[0][0];
  })()`);
}
