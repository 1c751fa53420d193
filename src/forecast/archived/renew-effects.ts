import type { Clock } from '../../platform/clock.ts';
import type { SeriesEffects } from './series-effects.ts';

/** Time between two looks at an archive: reading 13 months takes its thread a tenth of a second or two. */
const everyMs = 3_000;

/** Looks at one archive after the other, each once a month, until it is stopped. */
export function startRenewing(
  allNow: () => Iterable<SeriesEffects | undefined>,
  clock: Clock,
): { stop(): void } {
  let isBusy = false;
  async function renewNext(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      const now = clock();
      for (const effects of allNow()) {
        if (effects?.isDue(now) !== true) continue;
        await effects.renew(now);
        return;
      }
    } finally {
      isBusy = false;
    }
  }
  const timer = setInterval(() => void renewNext(), everyMs).unref();
  return { stop: () => clearInterval(timer) };
}
