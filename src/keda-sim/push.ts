import type { ScalerConnection } from './connection.ts';
import type { Timers } from './timers.ts';

const firstRetrySeconds = 2;
const longestRetrySeconds = 60;

/**
 * Holds StreamIsActive open until `signal` aborts, reconnecting as KEDA does: after 2 s, doubling to a minute, and
 * back to 2 s only when the server ended the stream cleanly, however long it ran before it broke.
 * Source: keda pkg/scalers/external_scaler.go, runStreamIsActive.
 */
export async function watchActivity(options: {
  readonly connection: ScalerConnection;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly onActive: (active: boolean) => void;
  readonly onFailure: (error: unknown) => void;
}): Promise<void> {
  const { connection, timers, signal } = options;
  let retrySeconds = firstRetrySeconds;
  while (!signal.aborted) {
    try {
      await connection.streamIsActive(options.onActive, { signal });
      retrySeconds = firstRetrySeconds;
    } catch (error) {
      if (!signal.aborted) options.onFailure(error);
    }
    await timers.wait(retrySeconds, signal);
    retrySeconds = Math.min(2 * retrySeconds, longestRetrySeconds);
  }
}
