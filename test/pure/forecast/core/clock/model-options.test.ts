import { describe, expect, it } from 'vitest';
import { modelOptionsFor } from '../../../../../src/forecast/core/clock/model-options.ts';

const day = 86_400;

describe('model options', () => {
  it('ask for a farther horizon only beyond the shortest season', () => {
    expect(modelOptionsFor({}, day).maxHorizonSeconds).toBeUndefined();
    expect(modelOptionsFor({}, day + 1).maxHorizonSeconds).toBe(day + 1);
    expect(modelOptionsFor({ seasonsSeconds: [3600] }, day).maxHorizonSeconds).toBe(day);
  });

  it('keep what the user asked, and nothing else', () => {
    const asked = { seasonsSeconds: [3600], timeZone: 'Europe/Berlin', query: 'demand' };
    expect(Object.keys(modelOptionsFor(asked, 60))).toEqual([
      'seasonsSeconds',
      'timeZone',
      'maxHorizonSeconds',
    ]);
    expect(modelOptionsFor(asked, 60)).toMatchObject({ seasonsSeconds: [3600], timeZone: 'Europe/Berlin' });
  });
});
