import { describe, expect, it } from 'vitest';
import { drawScale } from '../../../../bench/scale/report/draw-scale.ts';
import type { ScaleReport, ScaleRun } from '../../../../bench/scale/report/scale-report.ts';
import { scaleSections } from '../../../../bench/scale/report/scale-sections.ts';

const run = (workloads: number): ScaleRun => ({
  workloads,
  shapes: 1,
  memory: { rssMiB: 200, peakMiB: 250 },
  calls: {
    GetMetrics: { microseconds: 100, bareMicroseconds: 90, ratio: 0.9, ratioQuartiles: [0.8, 1] },
    IsActive: { microseconds: 80, bareMicroseconds: 72, ratio: 0.91, ratioQuartiles: [0.8, 1] },
  },
});
const report: ScaleReport = {
  recorded: '2026-11-30',
  source: 'stand-in',
  history: '3d',
  node: 'v24.0.0',
  processor: 'a processor',
  cores: 2,
  runs: [run(100), run(1000)],
};

describe('the report of bench-scale', () => {
  it('has a column for each number of workloads, and a dash for what was not measured', () => {
    const [{ rows = [] } = {}] = scaleSections(report);
    expect(rows[0]).toEqual(['workloads', '100', '1000']);
    expect(rows.find(([what]) => what === 'CPU of a GetMetrics, ours / bare')).toEqual([
      ...['CPU of a GetMetrics, ours / bare', '100 / 90 µs', '100 / 90 µs'],
    ]);
    expect(rows.find(([what]) => what === 'cores, KEDA asks')?.slice(1)).toEqual(['–', '–']);
    for (const cells of rows) expect(cells.length).toBe(3);
  });

  it('is drawn also where a part was not measured', () => {
    const picture = drawScale(report);
    expect(picture).not.toContain('NaN');
    expect(picture.match(/<polyline/g)?.length).toBe(9);
  });
});
