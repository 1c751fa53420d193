import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createForecaster, gridValues } from '../../../../src/forecast/core/index.ts';
import { tracePath, tracesNote } from '../../../support/traces.ts';

const stepSeconds = { '1m': 60, '5m': 300, '10m': 600, '30m': 1800 } as const;
/** Traces by name and step. Measured figures are errors over those of a naive, on geometric average over a pack. */
const packs = [
  {
    // Measured beside persistence, day and week: .42, .38 and .37 at 30 minutes; .13, .71 and .69 at 6 hours.
    of: 'the repository',
    traces: [
      ['svc-ms-mongo-app-02', '1m'],
      ['demand-nyc-taxi-a', '30m'],
      ['llm-servegen-small-31', '10m'],
    ],
  },
  {
    // Measured beside persistence, day and week: .79, .48 and .44 at 30 minutes; .44, .78 and .73 at 6 hours.
    of: 'web servers, machines and networks',
    traces: [
      ['web-nasa-jul95', '1m'],
      ['low-azure-vm-requests', '5m'],
      ['net-isp-eu', '5m'],
      ['social-nab-fb', '5m'],
    ],
  },
] as const;
type Trace = (typeof packs)[number]['traces'][number];
const nameOf = ([name, step]: Trace) => `${name}-${step}`;
const day = 86_400;

function readRows(trace: Trace) {
  const lines = readFileSync(tracePath(nameOf(trace)) ?? '', 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const rows = lines.map((line) => line.split(',').map(Number));
  return {
    timestamps: rows.map(([t]) => t ?? 0),
    values: rows.map(([, value]) => value ?? Number.NaN),
    stepSeconds: stepSeconds[trace[1]],
  };
}

const horizonsSeconds = [1800, 21_600];

/** By horizon: absolute errors of the median and of the three naives at the same origins, from the trace's middle on. */
function errorsOf(trace: Trace) {
  const rows = readRows(trace);
  const forecaster = createForecaster({ stepSeconds: rows.stepSeconds });
  const { gridSeconds } = forecaster;
  const grid = gridValues(rows, gridSeconds);
  const truth = new Map(Array.from(grid.timestamps, (t, i) => [t, grid.values[i] ?? Number.NaN]));
  const middle = ((rows.timestamps[0] ?? 0) + (rows.timestamps.at(-1) ?? 0)) / 2;
  const errors = horizonsSeconds.map(() => ({ median: 0, persistence: 0, day: 0, week: 0 }));
  let asked = 0;
  for (const [row, t] of rows.timestamps.entries()) {
    forecaster.observe(t, rows.values[row] ?? Number.NaN);
    // Three quarters of an hour: origins at every time of the day.
    if (t < middle || t - asked < 2700) continue;
    asked = t;
    const result = forecaster.forecast({ horizonSteps: 21_600 / gridSeconds, quantiles: [0.5] });
    if (result.status !== 'ok') continue;
    for (const [index, sums] of errors.entries()) {
      const horizonSeconds = horizonsSeconds[index] ?? gridSeconds;
      const target = result.origin + horizonSeconds;
      const [value, newest, dayBefore, weekBefore] = [
        target,
        result.origin,
        target - day,
        target - 7 * day,
      ].map((time) => truth.get(time) ?? Number.NaN);
      const here = {
        median: Math.abs((value ?? 0) - (result.median[horizonSeconds / gridSeconds - 1] ?? Number.NaN)),
        persistence: Math.abs((value ?? 0) - (newest ?? 0)),
        day: Math.abs((value ?? 0) - (dayBefore ?? 0)),
        week: Math.abs((value ?? 0) - (weekBefore ?? 0)),
      };
      if (Object.values(here).some(Number.isNaN)) continue;
      for (const key of ['median', 'persistence', 'day', 'week'] as const) sums[key] += here[key];
    }
  }
  return errors;
}

describe('on real traces', () => {
  for (const { of, traces } of packs) {
    const note = tracesNote(traces.map(nameOf));
    it.skipIf(note !== '')(
      `beats persistence and both seasonal naives, at 30 minutes and at 6 hours: ${of}${note}`,
      () => {
        const all = traces.map(errorsOf);
        for (const [index, horizonSeconds] of horizonsSeconds.entries()) {
          for (const naive of ['persistence', 'day', 'week'] as const) {
            const logs = all.map((errors) =>
              Math.log((errors[index]?.median ?? Number.NaN) / (errors[index]?.[naive] ?? Number.NaN)),
            );
            const ratio = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
            expect(ratio, `${horizonSeconds} s, beside ${naive}`).toBeLessThan(0.85);
          }
        }
      },
    );
  }
});
