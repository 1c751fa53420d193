import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const module = new URL('../../../../src/platform/process/old-objects.ts', import.meta.url).href;

/** Keeps objects, makes others that become old and are dropped, and prints how many full collections that took. */
const program = (begin: string) => `
  import { constants, PerformanceObserver } from 'node:perf_hooks';
  import { letOldObjectsGrow } from '${module}';
  let full = 0;
  new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) full++;
  }).observe({ entryTypes: ['gc'] });
  ${begin}
  const kept = Array.from({ length: 300_000 }, (_, made) => ({ made, more: [made] }));
  const dropped = new Array(200_000);
  for (let made = 0; made < 12_000_000; made++) dropped[made % dropped.length] = { made, more: [made] };
  setTimeout(() => console.log(full, kept.length), 50);
`;

it('halves the full collections of a heap of the chart’s pod, or nearly', () => {
  const collections = (begin: string) => {
    const args = [
      '--max-old-space-size=256',
      '--max-semi-space-size=8',
      '--input-type=module',
      '--eval',
      program(begin),
    ];
    return Number.parseInt(execFileSync(process.execPath, args, { encoding: 'utf8' }), 10);
  };
  const usual = collections('');
  expect(usual).toBeGreaterThan(5);
  expect(collections('letOldObjectsGrow();')).toBeLessThan(0.75 * usual);
});
