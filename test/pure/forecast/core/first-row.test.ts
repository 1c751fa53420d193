import { expect, it } from 'vitest';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { collectGarbage } from '../../../support/collect-garbage.ts';

const kibibyte = 1024;

/** Bytes of arrays that each of 200 forecasters takes when it is opened, and with its first row. */
function bytesTaken(): { readonly opened: number; readonly begun: number } {
  const arrayBytes = () => process.memoryUsage().arrayBuffers;
  // What was left before would be taken off while it measures.
  collectGarbage();
  const before = arrayBytes();
  const forecasters = Array.from({ length: 200 }, () => createForecaster({ stepSeconds: 60 }));
  const opened = arrayBytes();
  for (const forecaster of forecasters) forecaster.observe(60, 1);
  return { opened: (opened - before) / 200, begun: (arrayBytes() - opened) / 200 };
}

it('takes its memory with the first row, so that hundreds are opened at once', () => {
  // The first try also takes what all share, and any try may free what was left before.
  const tries = Array.from({ length: 5 }, bytesTaken);
  expect(Math.min(...tries.map(({ opened }) => Math.abs(opened)))).toBeLessThan(5 * kibibyte);
  expect(Math.max(...tries.map(({ begun }) => begun))).toBeGreaterThan(30 * kibibyte);
});

it('stands before the first row, and has the lengths of its options, until it is asked for more', () => {
  const forecaster = createForecaster({ stepSeconds: 60 });
  expect(forecaster).toMatchObject({ stepSeconds: 60, gridSeconds: 300, newestSeconds: -Infinity });
  expect(forecaster.forecast({ horizonSteps: 1 })).toMatchObject({ status: 'learning' });
  expect(forecaster.newestSeconds).toBe(-Infinity);
});

it('names an unknown time zone when it is made, not with the first row', () => {
  expect(() => createForecaster({ stepSeconds: 60, timeZone: 'Mars/Olympus' })).toThrow(RangeError);
});
