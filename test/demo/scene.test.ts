import { describe, expect, it } from 'vitest';
import { scene, sceneShiftSeconds, simulatedTime } from '../../src/demo/scene.ts';

describe('the scene', () => {
  it.each([0, 1_700_000_000, 1_763_712_345.6])(
    'begins on Tuesday before the morning ramp, whenever it is started (%d)',
    (start) => {
      expect(simulatedTime(start, sceneShiftSeconds(start))).toBe('Tue 03:30');
    },
  );

  it('passes an hour in a 24th of its day', () => {
    const start = 1_700_000_000;
    const shift = sceneShiftSeconds(start);
    expect(simulatedTime(start + scene.daySeconds / 6, shift)).toBe('Tue 07:30');
    expect(simulatedTime(start + scene.daySeconds, shift)).toBe('Wed 03:30');
  });
});
