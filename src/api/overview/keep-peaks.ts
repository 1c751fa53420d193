import type { WorkloadDirectory } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { nextPeak } from '../answers/next-peak.ts';
import type { ApiInstance } from '../instance.ts';

/** Time between two looks for models that have learned a step of their grid. */
const everyMs = 10_000;

/**
 * Looks for the next peak of each workload in the background while the server listens, so that the list of all workloads waits for
 * none: a thousand forecasts of a day take some tenths of a second, once in five minutes.
 */
export function keepPeaks(
  app: ApiInstance,
  { directory, clock }: { readonly directory: WorkloadDirectory; readonly clock: Clock },
): void {
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

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
      if (isLooking) return;
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
}
