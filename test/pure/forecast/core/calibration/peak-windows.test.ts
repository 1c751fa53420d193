import { expect, it } from 'vitest';
import { PeakWindows } from '../../../../../src/forecast/core/calibration/peak-windows.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';

const windowsOf = (...seconds: number[]) => new PeakWindows(seconds, 300, createArena());

it('peak windows need the combination as far as the longest window that is kept at a step', () => {
  const peaks = windowsOf(60, 600, 7200);
  const long = peaks.windows[2];
  expect(long).toMatchObject({ steps: 24, strideSteps: 6 });
  expect([0, 1, 6].map((step) => peaks.stepsNeeded(step))).toEqual([24, 2, 24]);
});

it('peak windows keep and mature each window at its own stride', () => {
  const peaks = windowsOf(300, 7200);
  for (let step = 0; step <= 48; step++) {
    peaks.mature(step * 300, () => 5);
    peaks.keep(step, step * 300, (steps) => steps);
  }
  expect(peaks.windows.map(({ residualCount }) => residualCount)).toEqual([48, 5]);
  expect(peaks.maturedSteps()).toBe(30);
});
