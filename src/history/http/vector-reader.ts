import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { InstantRequest, LabelledValue } from '../source.ts';
import { type AskerParts, createAsker } from './asker.ts';
import type { HttpDialect } from './dialect.ts';

interface VectorParts extends AskerParts {
  readonly dialect: Pick<HttpDialect, 'askInstant'>;
  readonly ranges: ReturnType<typeof createConcurrencyLimit>;
}

/**
 * Makes the function that reads every series of a query now. It takes its turn among the reads of history, so that it keeps no
 * observation waiting. Rejects with `source-nonsense`, `too-large`, or as every read of the source does.
 */
export function createVectorReader(
  parts: VectorParts,
  read: NonNullable<HttpDialect['readVector']>,
): (request: InstantRequest) => Promise<readonly LabelledValue[]> {
  const { connection, limits, dialect, ranges } = parts;
  const { address } = connection;
  const ask = createAsker(parts, {});
  const { rangeRequestTimeoutMs: timeoutMs, vectorTimeoutMs, vectorBytes: maxBytes } = limits;
  return (request) => {
    const readOnce = (signal: AbortSignal) =>
      ask(
        dialect.askInstant(request, timeoutMs),
        { timeoutMs, maxBytes, pool: 'range', signal },
        async (answer) => {
          await nextTurn();
          return read(answer, address);
        },
      );
    const message = `${address} did not answer within ${vectorTimeoutMs / 1000} s, all attempts together`;
    const bound = { signal: request.signal, error: () => new ForescaleError('source-timeout', message) };
    return ranges.run(() => within(vectorTimeoutMs, readOnce, bound), request.signal);
  };
}
