import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import { type AloneReads, createJointReads, type Took } from '../joint/joint-reader.ts';
import { sharingReaders } from '../joint/shared-readers.ts';
import type { HistorySource, InstantRequest, OpenSource, RangeRequest, RequestExtras } from '../source.ts';
import { type AskerParts, createAsker } from './asker.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { HttpDialect } from './dialect.ts';
import { callTimedOut } from './failures.ts';
import { createHttpConnection, type HttpAnswer } from './http-connection.ts';
import { defaultLimits, type SourceLimits, shareOf } from './limits.ts';
import type { Proxies } from './proxies.ts';
import { createQueryMethod } from './query-request.ts';
import { joinParts } from './ranges/joined-parts.ts';
import { createPartSizes, type PartSizes } from './ranges/part-sizes.ts';
import { alignDown, pointsOf, type RangeChunk, type RangePart, rangeChunks } from './ranges/range-chunks.ts';
import { readPart } from './ranges/read-parts.ts';
import { createSecondLooks, type SecondLooks } from './ranges/second-look.ts';
import { type Delay, realDelay } from './retry.ts';
import { createTurnWait, type TurnWait } from './turn-wait.ts';
import { createVectorReader } from './vector-reader.ts';

/** How a source is opened, beside its settings. */
export interface OpenOptions {
  readonly limits?: Partial<SourceLimits> | undefined;
  /** Makes the waits between attempts. */
  readonly delay?: Delay;
  /** Proxies of the environment, where the settings name none. */
  readonly proxies?: Proxies | undefined;
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
  const rangeSockets = limits.rangesAtOnce * limits.requestsPerRange;
  const connection = createHttpConnection(settings, {
    sockets: { instant: limits.instantsAtOnce, range: rangeSockets },
    proxies: options.proxies,
  });
  const ranges = createConcurrencyLimit(limits.rangesAtOnce, shareOf(limits.rangesAtOnce));
  const instants = createConcurrencyLimit(limits.instantsAtOnce, shareOf(limits.instantsAtOnce));
  const sizes = createPartSizes(limits.pointsPerRequest);
  const queryMethod = createQueryMethod(settings.method);
  const delay = options.delay ?? realDelay;
  const looks = createSecondLooks();
  const parts = { connection, limits, dialect, ranges, sizes, looks, instants, queryMethod, delay };
  const jointly = dialect.joints === undefined ? undefined : createJointReads(parts, dialect.joints);
  const reader = (extras: RequestExtras): HistorySource => {
    const alone = createReader(parts, extras);
    return jointly === undefined ? alone : { ...alone, ...jointly(extras, alone) };
  };
  return {
    address: connection.address,
    ...reader({}),
    with: sharingReaders(reader),
    vector: dialect.readVector && createVectorReader(parts, dialect.readVector),
    close: () => connection.close(),
  };
}

interface ReaderParts extends AskerParts {
  readonly dialect: HttpDialect;
  readonly ranges: ReturnType<typeof createConcurrencyLimit>;
  readonly sizes: PartSizes;
  readonly looks: SecondLooks;
}

/** Makes a reader over the shared connection that sends along what one caller wants, and asks each query alone. */
function createReader(parts: ReaderParts, extras: RequestExtras): HistorySource & AloneReads {
  const { connection, limits, dialect, ranges, sizes, looks } = parts;
  const { address } = connection;
  const ask = createAsker(parts, extras);
  const { namespace = '' } = extras;
  const timeouts = {
    // A history takes longer than a value, so that a caller's limit for the one would starve the other.
    range: limits.rangeRequestTimeoutMs,
    instant: extras.timeoutMs ?? limits.instantRequestTimeoutMs,
  };
  const wholeCall = (ms: number, signal: AbortSignal | undefined, turnWait?: TurnWait) => ({
    signal,
    error: () => callTimedOut(address, ms, turnWait?.waitedMs() ?? 0, limits),
  });

  return {
    rateWindowSeconds: (query) => dialect.rateWindowSeconds(query),
    queryWarnings: (query) => dialect.queryWarnings(query),

    async range(request: RangeRequest, took?: Took) {
      const chunks = chunksOf(request, limits, sizes.points(request));
      const askPart = (part: RangePart, signal: AbortSignal) => {
        const read = async (answer: HttpAnswer) => {
          // Parsing 10,000 rows takes some milliseconds, and many answers may come in one turn of the event loop.
          await nextTurn();
          return dialect.readRange(answer, address, part);
        };
        const question = dialect.askRange(part, timeouts.range);
        const bounds = { timeoutMs: timeouts.range, maxBytes: limits.rangeBytes, signal };
        return ask(question, { ...bounds, pool: 'range' }, read);
      };
      const readAll = async (signal: AbortSignal) => {
        const requests = createConcurrencyLimit(limits.requestsPerRange);
        const { query, stepSeconds } = request;
        const read = (part: RangePart) =>
          requests.run(() => readPart(part, sizes, (half) => askPart(half, signal)), signal);
        const first = (
          await Promise.all(chunks.map((chunk) => read({ query, stepSeconds, ...chunk })))
        ).flat();
        const history = joinParts(
          await looks.complete(first, stepSeconds, query, read),
          stepSeconds,
          dialect.oneSeries,
        );
        return { ...history, warnings: [...history.warnings, ...looks.warnings(query)] };
      };
      const timeMs =
        limits.rangeTimeoutMs * Math.min(mostRangeTimes, Math.max(1, chunks.length / usualChunks));
      const bound = wholeCall(timeMs, request.signal);
      const work = () => timed(within(timeMs, readAll, bound), took);
      return ranges.run(work, request.signal, namespace);
    },

    async instant(request: InstantRequest, took?: Took) {
      const question = dialect.askInstant(request, timeouts.instant);
      const bounds = { timeoutMs: timeouts.instant, maxBytes: limits.instantBytes, pool: 'instant' } as const;
      const read = (answer: HttpAnswer) => dialect.readInstant(answer, address, request);
      const { instantTimeoutMs } = limits;
      const turnWait = createTurnWait();
      const bound = wholeCall(instantTimeoutMs, request.signal, turnWait);
      const work = within(
        instantTimeoutMs,
        (signal) => ask(question, { ...bounds, signal, turnWait }, read),
        bound,
      );
      return timed(work, took, turnWait);
    },
  };
}

/** Tells how long work that has begun takes, without the wait for turns. */
async function timed<T>(work: Promise<T>, took: Took | undefined, turnWait?: TurnWait): Promise<T> {
  const beganMs = performance.now();
  try {
    return await work;
  } finally {
    took?.(performance.now() - beganMs - (turnWait?.waitedMs() ?? 0));
  }
}

/** Parts of a range that may take the usual time together. One in smaller parts may take longer, as many times as it has more parts. */
const usualChunks = 8;
const mostRangeTimes = 5;

function chunksOf(request: RangeRequest, limits: SourceLimits, pointsPerRequest: number): RangeChunk[] {
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
  return rangeChunks(range, stepSeconds, pointsPerRequest);
}
