import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTimeSlices } from '../../../src/platform/turns/time-slices.ts';

it('lets one of all who work in slices have each turn of the event loop, in order', async () => {
  const order: number[] = [];
  const work = async (worker: number) => {
    const slices = createTimeSlices();
    for (let slice = 0; slice < 3; slice++) {
      await slices.nextTurn();
      order.push(worker);
    }
  };
  const all = Promise.all([0, 1, 2].map(work));
  const perTurn: number[] = [];
  while (order.length < 9) {
    const before = order.length;
    await turn();
    perTurn.push(order.length - before);
  }
  await all;
  expect(Math.max(...perTurn)).toBe(1);
  expect(order).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
});
