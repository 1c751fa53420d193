import { expect, it } from 'vitest';
import { createExpertPaths } from '../../../../../src/forecast/core/combination/expert-paths.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createExpertInputs } from '../../../../../src/forecast/core/experts/inputs.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const scratch = createScratch();
const persistence = expertNames.indexOf('persistence');

function pathsOf(value: number) {
  const inputs = createExpertInputs({
    shortSeasonSteps: 24,
    longSeasonSteps: 0,
    horizonSteps: 12,
    settleSteps: 0,
    rememberedSteps: 80,
    scratch,
  });
  const paths = createExpertPaths(inputs, scratch, undefined);
  inputs.push(value, true);
  paths.learn();
  return paths;
}

it('paths are current from a prediction until something is learned, outdated or predicted by another forecaster', () => {
  const paths = pathsOf(4);
  expect(paths.isCurrent(1)).toBe(false);
  paths.predictTo(6);
  expect([paths.isCurrent(6), paths.isCurrent(7)]).toEqual([true, false]);
  expect(paths.table.ofExpert[persistence]?.[5]).toBeCloseTo(4, 5);
  paths.outdate();
  expect(paths.isCurrent(1)).toBe(false);
  paths.predictTo(6);
  pathsOf(9).predictTo(2);
  expect(paths.isCurrent(1)).toBe(false);
});

it('an expert that has seen too little is not available', () => {
  const { table, predictTo } = pathsOf(4);
  predictTo(12);
  expect(table.isAvailable[persistence]).toBe(1);
  expect(table.isAvailable[expertNames.indexOf('day-naive')]).toBe(0);
});
