import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../loadtests/lib/read-settings.ts';
import { ratesOf } from '../../../loadtests/lib/stages.ts';
import { weekOf } from '../../../loadtests/lib/wanted-load.ts';
import { historyOf } from '../../cluster/play/history.ts';
import { beganAt, countOf } from '../../cluster/play/load.ts';
import { createDemand, loadSettings, scenario, secondsAtHour } from '../../cluster/play/scenario.ts';

/** As k6 2.2 prints it through `kubectl logs --timestamps`. */
const log = `2026-11-30T01:52:56.100000000Z
2026-11-30T01:52:57.900000000Z running (0m00.9s), 00/09 VUs, 6 complete and 0 interrupted iterations
2026-11-30T01:52:57.900100000Z load   [  27% ] 00/09 VUs  0.8s/3s  7.71 iters/s
2026-11-30T01:52:58.900000000Z running (0m01.9s), 00/09 VUs, 14 complete and 0 interrupted iterations
2026-11-30T01:53:00.000000000Z realistic: FAILED after 2.98 s, 2300 iterations, 7 dropped
2026-11-30T01:53:00.000000000Z   check                      passed  failed
2026-11-30T01:53:00.000000000Z   POST /process answers 200    2270      30
`;

describe('the load of the cluster', () => {
  it('begins when its log says', () => {
    expect(beganAt(log)).toBeCloseTo(Date.parse('2026-11-30T01:52:57.100Z') / 1000, 2);
    const later = '2026-11-30T01:52:57.000Z load   [  27% ] 00/09 VUs  1m02.5s/6m0s  7.71 iters/s';
    expect(beganAt(later)).toBe(Date.parse('2026-11-30T01:51:54.500Z') / 1000);
    expect(beganAt(log.slice(0, 150))).toBeUndefined();
  });

  it('is counted by its own summary', () => {
    expect(countOf(log)).toEqual({ sent: 2300, failed: 30, dropped: 7 });
    expect(countOf(log.slice(0, 300))).toBeUndefined();
  });

  it('is what k6 sends with those settings, to a hundredth of the peak', () => {
    const { stages, seconds } = weekOf(readSettings('realistic', loadSettings));
    const rates = ratesOf(stages);
    const demand = createDemand();
    const step = seconds / (rates.length - 1);
    expect(rates.length).toBeGreaterThan(100);
    const differences = rates.map((rate, index) => Math.abs(rate - demand(index * step)));
    expect(Math.max(...differences)).toBeLessThan(0.01 * scenario.peakRequestsPerSecond);
  });

  it('continues its history, whose newest row is where it begins', () => {
    const { timestamps, values } = historyOf('app-a', 1_000_000);
    const demand = createDemand();
    expect(timestamps.length).toBe(14 * scenario.daySeconds);
    expect(timestamps.at(-1)).toBe(1_000_000);
    expect((values.at(-1) ?? 0) - (values.at(-2) ?? 0)).toBeCloseTo(demand(0), 6);
    expect(secondsAtHour(scenario.startHour + 12)).toBe(scenario.daySeconds / 2);
  });
});
