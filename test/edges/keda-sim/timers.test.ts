import { expect, it } from 'vitest';
import { systemTimers } from '../../../src/keda-sim/index.ts';

const ninetyDaysSeconds = 90 * 86_400;

it('waits longer than one timer of Node can, until it is aborted', async () => {
  const stopping = new AbortController();
  let isOver = false;
  const waited = systemTimers.wait(ninetyDaysSeconds, stopping.signal).then(() => {
    isOver = true;
  });
  // A timer that overflowed fires within a millisecond.
  await systemTimers.wait(0.05, new AbortController().signal);
  expect(isOver).toBe(false);
  stopping.abort();
  await waited;
  expect(isOver).toBe(true);
});

it('does not wait at all for a signal that is aborted already', async () => {
  await systemTimers.wait(ninetyDaysSeconds, AbortSignal.abort());
});
