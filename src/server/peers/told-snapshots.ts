import type { DemandModels } from '../../forecast/index.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';

/** Snapshots that are made at once, and that may wait: each replica asks for a few at once. */
const madeAtOnce = 2;
const mostWaiting = 64;

/**
 * Makes snapshots of models for other replicas, a few at once, because each takes some milliseconds. Without a token everybody who
 * reaches the port may ask, and is told of no model whose trigger may have secrets.
 */
export function createToldSnapshots(models: Pick<DemandModels, 'snapshot'>, hasToken: boolean) {
  const limit = createConcurrencyLimit(madeAtOnce);
  let asked = 0;
  return async (name: string): Promise<Uint8Array | undefined> => {
    if (asked >= madeAtOnce + mostWaiting)
      throw new ForescaleError('limit-reached', 'too many snapshots are asked for at once');
    asked++;
    try {
      return await limit.run(() => models.snapshot(name, hasToken ? 'any' : 'without-secrets'));
    } finally {
      asked--;
    }
  };
}
