import type { ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { TriggerRef } from '../workload-identity.ts';

/** Seconds after which a failure that goes on is logged again. */
const logAgainSeconds = 3_600;
/** Kinds of failure that are remembered; the oldest is forgotten first, and logged again when it comes again. */
const mostRemembered = 1_000;

interface Remembered {
  loggedSeconds: number;
  /** Failures since the line before. */
  count: number;
}

/**
 * Logs a failed RPC with the workload's name once, and then once an hour with how many there were: KEDA asks for each trigger some
 * times a minute, also when the answer is the same error each time.
 */
export function createRpcFailureLog(log: Logger, monotonic: () => number) {
  const remembered = new Map<string, Remembered>();
  return {
    note(method: string, { namespace, name }: TriggerRef, { code, message }: ForescaleError): void {
      const key = JSON.stringify([namespace, name, method, code]);
      const nowSeconds = monotonic();
      const before = remembered.get(key) ?? { loggedSeconds: Number.NEGATIVE_INFINITY, count: 0 };
      before.count++;
      remembered.delete(key);
      remembered.set(key, before);
      const [oldest] = remembered.keys();
      if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
      if (nowSeconds - before.loggedSeconds < logAgainSeconds) return;
      log.warn({ method, namespace, name, code, error: message, failures: before.count }, 'rpc-failed');
      before.loggedSeconds = nowSeconds;
      before.count = 0;
    },
  };
}
