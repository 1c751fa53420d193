import type { WorkloadDirectory } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { nextPeak } from '../answers/next-peak.ts';
import type { ApiInstance } from '../instance.ts';

/** Time between two looks for models that have learned a step of their grid. */
const everyMs = 10_000;
/** Nobody looks at the list any more when nobody has asked for it for so long: a page that is open asks all the time. */
const lookedAtMs = 3_600_000;

/**
 * Looks for the next peak of each workload in the background while somebody looks at the list of all workloads, so that it waits for
 * none: a thousand forecasts of a day take some tenths of a second, once in five minutes. Whoever asks first waits for them. Returns what
 * takes note that the list was asked for.
 */
export function keepPeaks(
  app: Pick<ApiInstance, 'addHook'>,
  { directory, clock }: { readonly directory: Pick<WorkloadDirectory, 'list'>; readonly clock: Clock },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let askedMs = Number.NEGATIVE_INFINITY;

  async function lookAtAll(): Promise<void> {
    const slices = createTimeSlices();
    for (const { model } of directory.list()) {
      if (slices.isOver()) await slices.nextTurn();
      if (timer === undefined) return;
      nextPeak(model, clock());
    }
  }

  app.addHook('onListen', (done) => {
    timer = setInterval(() => {
      if (isLooking || performance.now() - askedMs > lookedAtMs) return;
      isLooking = true;
      void lookAtAll().finally(() => {
        isLooking = false;
      });
    }, everyMs).unref();
    done();
  });
  app.addHook('preClose', (done) => {
    clearInterval(timer);
    timer = undefined;
    done();
  });
  return () => {
    askedMs = performance.now();
  };
}
