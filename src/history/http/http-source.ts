import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { nextTurn } from '../../platform/time-slices.ts';
import type { History, HistorySource, OpenSource, RangeRequest, RequestExtras } from '../source.ts';
import { createConcurrencyLimit } from './concurrency-limit.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { HttpDialect, HttpQuestion, RangePart } from './dialect.ts';
import { createHttpConnection, type HttpAnswer } from './http-connection.ts';
import { defaultLimits, type SourceLimits } from './limits.ts';
import { alignDown, pointsOf, type RangeChunk, rangeChunks } from './range-chunks.ts';
import { joined, type RangeRows } from './range-rows.ts';
import { severalSeries } from './refusals.ts';
import { type Delay, realDelay, withRetries } from './retry.ts';

/** How a source is opened, beside its settings. */
export interface OpenOptions {
  readonly limits?: Partial<SourceLimits> | undefined;
  /** Makes the waits between attempts. */
  readonly delay?: Delay;
}

/**
 * History from an HTTP API. Every call is bounded in time, size and attempts. Rejects with the `source-*` codes,
 * `several-series`, `too-large` or `invalid-argument`; an aborted signal's reason comes through as it is.
 */
export function createHttpSource(
  settings: ConnectionSettings,
  dialect: HttpDialect,
  options: OpenOptions = {},
): OpenSource {
  const limits = { ...defaultLimits, ...options.limits };
  const connection = createHttpConnection(settings);
  const ranges = createConcurrencyLimit(limits.rangesAtOnce);
  const parts = { connection, limits, dialect, ranges, delay: options.delay ?? realDelay };
  return {
    address: connection.address,
    ...createReader(parts, {}),
    with: (extras) => createReader(parts, extras),
    close: () => connection.close(),
  };
}

interface ReaderParts {
  readonly connection: ReturnType<typeof createHttpConnection>;
  readonly limits: SourceLimits;
  readonly dialect: HttpDialect;
  readonly ranges: ReturnType<typeof createConcurrencyLimit>;
  readonly delay: Delay;
}

/** Makes a reader over the shared connection that sends along what one caller wants. */
function createReader(parts: ReaderParts, extras: RequestExtras): HistorySource {
  const { connection, limits, dialect, ranges } = parts;
  const { address } = connection;
  const ask = createAsker(parts, extras);
  const timeouts = {
    range: extras.timeoutMs ?? limits.rangeRequestTimeoutMs,
    instant: extras.timeoutMs ?? limits.instantRequestTimeoutMs,
  };
  const wholeCall = (ms: number, signal: AbortSignal | undefined) => {
    const message = `${address} did not answer within ${ms / 1000} s, all attempts and requests together`;
    return { signal, error: () => new ForescaleError('source-timeout', message) };
  };

  return {
    rateWindowSeconds: (query) => dialect.rateWindowSeconds(query),
    queryWarnings: (query) => dialect.queryWarnings(query),

    async range(request) {
      const chunks = chunksOf(request, limits).map((chunk) => ({ ...request, ...chunk }));
      const readPart = (part: RangePart, signal: AbortSignal) => {
        const read = async (answer: HttpAnswer) => {
          // Parsing 10,000 rows takes some milliseconds, and many answers may come in one turn of the event loop.
          await nextTurn();
          return dialect.readRange(answer, address, part);
        };
        const question = dialect.askRange(part, timeouts.range);
        return ask(question, { timeoutMs: timeouts.range, maxBytes: limits.rangeBytes, signal }, read);
      };
      const readAll = async (signal: AbortSignal) => {
        const requests = createConcurrencyLimit(limits.requestsPerRange);
        const rows = chunks.map((part) =>
          requests.run(async () => ({ part, rows: await readPart(part, signal) }), signal),
        );
        return joinParts(await Promise.all(rows), request.stepSeconds, dialect.oneSeries);
      };
      const { rangeTimeoutMs } = limits;
      const bound = wholeCall(rangeTimeoutMs, request.signal);
      return ranges.run(() => within(rangeTimeoutMs, readAll, bound), request.signal);
    },

    async instant(request) {
      const question = dialect.askInstant(request, timeouts.instant);
      const bounds = { timeoutMs: timeouts.instant, maxBytes: limits.instantBytes };
      const read = (answer: HttpAnswer) => dialect.readInstant(answer, address, request);
      const { instantTimeoutMs } = limits;
      return within(
        instantTimeoutMs,
        (signal) => ask(question, { ...bounds, signal }, read),
        wholeCall(instantTimeoutMs, request.signal),
      );
    },
  };
}

/** Makes the function that posts a question and reads the answer, with retries. */
function createAsker({ connection, limits, delay }: ReaderParts, extras: RequestExtras) {
  const parameters = new URLSearchParams(extras.parameters ?? {}).toString();
  return <T>(
    { path, form }: HttpQuestion,
    bounds: { readonly timeoutMs: number; readonly maxBytes: number; readonly signal: AbortSignal },
    read: (answer: HttpAnswer) => T | Promise<T>,
  ): Promise<T> => {
    const attempt = async () =>
      read(
        await connection.post({
          path: parameters === '' ? path : `${path}?${parameters}`,
          body: new URLSearchParams(form).toString(),
          headers: {
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
            ...extras.headers,
          },
          ...bounds,
        }),
      );
    return withRetries(attempt, { ...limits, delay, signal: bounds.signal });
  };
}

function chunksOf(request: RangeRequest, limits: SourceLimits): RangeChunk[] {
  const { stepSeconds } = request;
  const range = {
    startSeconds: alignDown(request.startSeconds, stepSeconds),
    endSeconds: alignDown(request.endSeconds, stepSeconds),
  };
  const points = pointsOf(range, stepSeconds);
  if (!(stepSeconds > 0) || !(points <= limits.pointsPerRange)) {
    throw new ForescaleError(
      'invalid-argument',
      `a history from ${request.startSeconds} to ${request.endSeconds} at a step of ${stepSeconds} s has ${points} points and at most ${limits.pointsPerRange} are read: choose a longer step or a shorter range`,
    );
  }
  return rangeChunks(range, stepSeconds, limits.pointsPerRequest);
}

interface ReadPart {
  readonly part: RangeChunk;
  readonly rows: RangeRows;
}

function joinParts(parts: readonly ReadPart[], stepSeconds: number, remedy: string): History {
  const names = new Set(parts.flatMap(({ rows: { series } }) => (series === undefined ? [] : [series])));
  if (names.size > 1) throw severalSeries([...names], names.size, remedy);
  const history = {
    stepSeconds,
    timestamps: joined(parts.map(({ rows }) => rows.timestamps)),
    values: joined(parts.map(({ rows }) => rows.values)),
    warnings: [...new Set(parts.flatMap(({ rows }) => rows.warnings))],
  };
  const partial = parts.filter(({ rows }) => rows.isPartial);
  if (partial.length === 0) return history;
  const isCensored = new Uint8Array(history.timestamps.length);
  let end = 0;
  for (const { rows } of parts) {
    const start = end;
    end += rows.timestamps.length;
    if (rows.isPartial) isCensored.fill(1, start, end);
  }
  const partialSpans = partial.map(({ part: { startSeconds, endSeconds } }) => ({
    startSeconds,
    endSeconds,
  }));
  return { ...history, isCensored, partialSpans };
}
