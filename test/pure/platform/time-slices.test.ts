import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  afterPromises,
  createTimeSlices,
  nextTurn,
  noteCaller,
  type SliceFor,
} from '../../../src/platform/turns/time-slices.ts';

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

it('lets callers and the background take turns, so that neither waits for all of the other', async () => {
  const order: string[] = [];
  const work = async (name: string, sliceFor: SliceFor) => {
    const slices = createTimeSlices({ sliceFor });
    for (let slice = 1; slice <= 2; slice++) {
      await slices.nextTurn();
      order.push(`${name}${slice}`);
    }
  };
  const histories = ['a', 'b', 'c'].map((name) => work(name, 'background'));
  const callers = ['X', 'Y'].map((name) => work(name, 'caller'));
  await Promise.all([...histories, ...callers]);
  const ofCallers = order.flatMap((slice, place) => (/[XY]/.test(slice) ? [place] : []));
  expect(order.filter((slice) => /[XY]/.test(slice))).toEqual(['X1', 'Y1', 'X2', 'Y2']);
  // Every other turn until they are done, though three histories asked first.
  expect(ofCallers[0]).toBeLessThanOrEqual(1);
  expect((ofCallers[3] ?? Number.NaN) - (ofCallers[0] ?? Number.NaN)).toBe(6);
});

it('lets the background wait for a millisecond after a caller was heard', async () => {
  await nextTurn('background');
  const beganMs = performance.now();
  noteCaller();
  await nextTurn('background');
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(1);
});

it('lets callers go on meanwhile, and the background in spite of a flood of callers', async () => {
  await nextTurn('background');
  const order: string[] = [];
  const flood = setInterval(noteCaller, 0);
  noteCaller();
  await Promise.all([
    nextTurn('background').then(() => order.push('background')),
    nextTurn('caller').then(() => order.push('caller')),
  ]);
  clearInterval(flood);
  expect(order).toEqual(['caller', 'background']);
});

it('lets what keeps values fresh wait for a moment after a caller was heard, and no caller', async () => {
  await nextTurn('refresh');
  const beganMs = performance.now();
  noteCaller();
  await nextTurn('refresh');
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(0.5);

  // On a busy machine the time may be over before the caller asks, so that it is looked at again.
  const orders: string[] = [];
  for (let times = 0; times < 50 && !orders.includes('caller refresh'); times++) {
    const order: string[] = [];
    noteCaller();
    const refreshed = nextTurn('refresh').then(() => order.push('refresh'));
    await turn();
    // By now a timer waits for the end of the quiet time, and no caller waits for it.
    await nextTurn('caller');
    order.push('caller');
    await refreshed;
    orders.push(order.join(' '));
  }
  expect(orders).toContain('caller refresh');
});

it('lets what keeps values fresh go on in spite of a flood of callers, and in spite of histories that are learned', async () => {
  const flood = setInterval(noteCaller, 0);
  const isOver = { learning: false };
  const learning = [1, 2, 3].map(async () => {
    while (!isOver.learning) await nextTurn('background');
  });
  const beganMs = performance.now();
  for (let slice = 0; slice < 10; slice++) await nextTurn('refresh');
  const tookMs = performance.now() - beganMs;
  isOver.learning = true;
  await Promise.all(learning);
  clearInterval(flood);
  // A millisecond or two each, and more where the machine does other work.
  expect(tookMs).toBeLessThan(100);
});

it('holds back no longer what keeps values fresh where that goes on for long', async () => {
  const looking = { turns: 0, isOver: false };
  const look = () => {
    looking.turns++;
    if (!looking.isOver) setImmediate(look);
  };
  look();
  // A slice that is held back waits for a millisecond, in which the loop turns many times.
  let atOnce = 0;
  for (let slice = 0; slice < 1_000 && atOnce < 20; slice++) {
    noteCaller();
    const before = looking.turns;
    await nextTurn('refresh');
    atOnce = looking.turns - before <= 2 ? atOnce + 1 : 0;
  }
  looking.isOver = true;
  expect(atOnce).toBe(20);
});

it('knows when what waits for promises has gone on, in the same turn', async () => {
  let hops = 0;
  let hasTurned = false;
  setImmediate(() => {
    hasTurned = true;
  });
  const chain = async () => {
    for (; hops < 20; hops++) await undefined;
  };
  void chain();
  await afterPromises();
  expect([hops, hasTurned]).toEqual([20, false]);
});
