import { errorTable, ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { HistorySource } from './source.ts';

/**
 * A source whose errors and warnings have none of its words and not its address, because they may repeat a query or an address
 * that comes from the environment of pods. A query is repeated in parts (an unexpected word, a label of a series), so that it
 * could not be found and cut out.
 */
export function concealing(source: HistorySource): HistorySource {
  return {
    ...source,
    async instant(request) {
      return await source.instant(request).catch((thrown) => rethrow(thrown, request.signal));
    },
    async range(request) {
      const history = await source.range(request).catch((thrown) => rethrow(thrown, request.signal));
      return history.warnings.length === 0 ? history : { ...history, warnings: [wordlessWarning] };
    },
  };
}

/** The error with the code and the haste of another, and none of its words. */
export function wordless(thrown: unknown): ForescaleError {
  const { code, retryAfterSeconds } = toForescaleError(thrown);
  return new ForescaleError(code, `${errorTable[code].meaning}; ${why}`, { retryAfterSeconds });
}

const why =
  'more is not shown, because it could repeat what the trigger takes from the environment (…FromEnv): ask the source by hand';
const wordlessWarning = `the source warns; ${why}`;

/** The reason of an abort is the caller's own, and not the source's. */
function rethrow(thrown: unknown, signal: AbortSignal | undefined): never {
  throw signal?.aborted === true ? thrown : wordless(thrown);
}
