import type { Learned } from './learned.ts';

/** Whether what was learned anew has no forecast, or no bound of a peak, where what is there has one: the source has lost its past. */
export function saysLess({ forecaster: next }: Learned, { forecaster: now }: Learned): boolean {
  const isLess = (ask: (one: Learned['forecaster']) => { readonly status: string }) =>
    ask(now).status === 'ok' && ask(next).status !== 'ok';
  const windowSeconds = 2 * next.gridSeconds;
  return isLess((one) => one.forecast({ horizonSteps: 1 })) || isLess((one) => one.peak({ windowSeconds }));
}
