import { describe, expect, it } from 'vitest';
import { familyOf, mayBeLearned } from '../../../bench/families/families.ts';
import { cutWindows, likeM4 } from '../../../bench/hourly/windows.ts';

describe('families of traces', () => {
  it('are those of one source; a trace of no known source is its own', () => {
    expect(familyOf('svc-ms-purchase-04-1h')).toBe(familyOf('low-ms-purchase-05-1h'));
    expect(familyOf('svc-ms-mongo-app-02-1m')).not.toBe(familyOf('svc-ms-purchase-04-1h'));
    expect(familyOf('mine')).toBe('mine');
  });

  it('whose licence nobody knows are not learned from', () => {
    expect(['net-kpi-eth1out-6-5m', 'svc-ms-mongo-app-02-1m'].map(mayBeLearned)).toEqual([false, true]);
  });
});

describe('windows of hours', () => {
  it('are cut from the newest hour back, while they are long enough and have few gaps', () => {
    const hours = Float64Array.from({ length: 1500 }, (_, hour) => hour);
    const windows = cutWindows(hours, likeM4);
    expect(windows.map((window) => [window[0], window.at(-1)])).toEqual([
      [492, 1499],
      [161, 1168],
      [0, 837],
    ]);
    hours.fill(Number.NaN, 1200, 1300);
    expect(cutWindows(hours, likeM4)).toHaveLength(2);
    expect(cutWindows(hours.subarray(0, 600), likeM4)).toEqual([]);
  });
});
