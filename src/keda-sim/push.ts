import type { ScalerConnection } from './connection.ts';
import type { Stage } from './stage.ts';
import { noteThrown } from './tally.ts';

const firstRetrySeconds = 2;
const longestRetrySeconds = 60;

/**
 * Holds StreamIsActive open until `signal` aborts, reconnecting as KEDA does: after 2 s, doubling to a minute, and
 * back to 2 s only when the server ended the stream cleanly, however long it ran before it broke.
 * Source: keda pkg/scalers/external_scaler.go, runStreamIsActive.
 */
export async function watchPushes(
  { tally, report, timers }: Stage,
  connection: ScalerConnection,
  onPushed: (active: boolean) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let retrySeconds = firstRetrySeconds;
  while (!signal.aborted) {
    try {
      await connection.streamIsActive((active) => void onPushed(active), { signal });
      retrySeconds = firstRetrySeconds;
    } catch (error) {
      if (!signal.aborted) report({ from: 'push', reason: 'StreamBroken', fault: noteThrown(tally, error) });
    }
    await timers.wait(retrySeconds, signal);
    retrySeconds = Math.min(2 * retrySeconds, longestRetrySeconds);
  }
}
