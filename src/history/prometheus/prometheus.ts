import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { nextTurn } from '../../platform/time-slices.ts';
import { createConcurrencyLimit } from '../concurrency-limit.ts';
import type { ConnectionSettings } from '../connection-settings.ts';
import { createHttpConnection, type HttpAnswer } from '../http-connection.ts';
import { type Delay, realDelay, withRetries } from '../retry.ts';
import type { History, HistorySource, InstantResult, RangeRequest } from '../source.ts';
import {
  notTheApi,
  type PrometheusAnswer,
  readPrometheusAnswer,
  severalSeries,
} from './prometheus-answer.ts';
import { alignDown, pointsOf, type RangeChunk, rangeChunks } from './range-chunks.ts';
import { joined, packRows, type RangeRows } from './range-rows.ts';

/** What reading may cost the source and us. */
export interface PrometheusLimits {
  /** Prometheus refuses more than 11,000 points a series (web/api/v1, "exceeded maximum resolution"). */
  readonly pointsPerRequest: number;
  /** Longest history: four weeks of seconds. */
  readonly pointsPerRange: number;
  /** Requests of one range at once, and ranges of all callers at once; instant queries never wait for them. */
  readonly requestsPerRange: number;
  readonly rangesAtOnce: number;
  /** One series of 10,000 points is below 0.5 MiB; beyond that there is only room to name the series that are too many. */
  readonly rangeBytes: number;
  readonly instantBytes: number;
  readonly rangeRequestTimeoutMs: number;
  readonly instantRequestTimeoutMs: number;
  /** All requests and retries of one call. */
  readonly rangeTimeoutMs: number;
  readonly instantTimeoutMs: number;
  readonly retries: number;
  readonly backoffMs: number;
}

const defaultLimits: PrometheusLimits = {
  pointsPerRequest: 10_000,
  pointsPerRange: 2_500_000,
  requestsPerRange: 2,
  rangesAtOnce: 8,
  rangeBytes: 8 * 1024 * 1024,
  instantBytes: 1024 * 1024,
  rangeRequestTimeoutMs: 30_000,
  instantRequestTimeoutMs: 5_000,
  rangeTimeoutMs: 120_000,
  instantTimeoutMs: 15_000,
  retries: 3,
  backoffMs: 200,
};

export interface PrometheusHistoryOptions extends ConnectionSettings {
  readonly limits?: Partial<PrometheusLimits>;
  /** Waits between attempts. */
  readonly delay?: Delay;
}

/** What one caller wants sent along, on the connection all share. */
interface RequestExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** URL parameters, as KEDA's `queryParameters`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of one request; replaces both defaults. */
  readonly timeoutMs?: number | undefined;
}

export interface PrometheusHistory extends HistorySource {
  /** Origin and path, without credentials. */
  readonly address: string;
  /** The same source for a caller with wishes of its own. */
  with(extras: RequestExtras): HistorySource;
  close(): Promise<void>;
}

/**
 * History from anything that speaks the Prometheus HTTP API. Every call is bounded in time, size and attempts.
 * Rejects with the `source-*` codes, `several-series`, `too-large` or `invalid-argument`; an aborted signal's reason comes
 * through as it is.
 */
export function createPrometheusHistory(options: PrometheusHistoryOptions): PrometheusHistory {
  const { limits: wanted, delay = realDelay, ...settings } = options;
  const limits = { ...defaultLimits, ...wanted };
  const connection = createHttpConnection(settings);
  const { address } = connection;
  const ranges = createConcurrencyLimit(limits.rangesAtOnce);

  function wholeCall(ms: number, signal: AbortSignal | undefined) {
    const message = `${address} did not answer within ${ms / 1000} s, all attempts and requests together`;
    return { signal, error: () => new ForescaleError('source-timeout', message) };
  }

  function sourceFor(extras: RequestExtras): HistorySource {
    const parameters = new URLSearchParams(extras.parameters ?? {}).toString();

    function ask<T>(
      kind: 'range' | 'instant',
      form: Readonly<Record<string, string>>,
      read: (answer: HttpAnswer) => T | Promise<T>,
      signal: AbortSignal,
    ): Promise<T> {
      const isRange = kind === 'range';
      const timeoutMs =
        extras.timeoutMs ?? (isRange ? limits.rangeRequestTimeoutMs : limits.instantRequestTimeoutMs);
      const path = `/api/v1/${isRange ? 'query_range' : 'query'}${parameters === '' ? '' : `?${parameters}`}`;
      const attempt = async () =>
        read(
          await connection.post({
            path,
            // The source should not go on with what nobody waits for.
            body: new URLSearchParams({ ...form, timeout: `${timeoutMs}ms` }).toString(),
            headers: {
              accept: 'application/json',
              'content-type': 'application/x-www-form-urlencoded',
              ...extras.headers,
            },
            maxBytes: isRange ? limits.rangeBytes : limits.instantBytes,
            timeoutMs,
            signal,
          }),
        );
      return withRetries(attempt, { ...limits, delay, signal });
    }

    async function readChunk(
      { query, stepSeconds }: RangeRequest,
      { startSeconds, endSeconds }: RangeChunk,
      signal: AbortSignal,
    ): Promise<RangeRows> {
      const form = {
        query,
        start: decimal(startSeconds),
        end: decimal(endSeconds),
        step: decimal(stepSeconds),
      };
      const read = async (answer: HttpAnswer) => {
        // Reading 10,000 rows takes some milliseconds, and many answers may come in the same turn.
        await nextTurn();
        const { series, warnings } = readPrometheusAnswer(address, answer);
        const rows = packRows(series, { startSeconds, endSeconds }, warnings);
        if (rows === undefined) throw notTheApi(address, answer);
        return rows;
      };
      return ask('range', form, read, signal);
    }

    return {
      async range(request) {
        const chunks = chunksOf(request, limits);
        const read = async (signal: AbortSignal) => {
          const requests = createConcurrencyLimit(limits.requestsPerRange);
          const parts = await Promise.all(
            chunks.map((chunk) => requests.run(() => readChunk(request, chunk, signal), signal)),
          );
          return joinParts(parts, request.stepSeconds);
        };
        const { rangeTimeoutMs } = limits;
        return ranges.run(
          () => within(rangeTimeoutMs, read, wholeCall(rangeTimeoutMs, request.signal)),
          request.signal,
        );
      },

      async instant({ query, atSeconds, signal }) {
        const read = (answer: HttpAnswer) => toInstant(readPrometheusAnswer(address, answer));
        const form = { query, time: decimal(atSeconds) };
        const { instantTimeoutMs } = limits;
        return within(
          instantTimeoutMs,
          (ended) => ask('instant', form, read, ended),
          wholeCall(instantTimeoutMs, signal),
        );
      },
    };
  }

  return { address, ...sourceFor({}), with: sourceFor, close: () => connection.close() };
}

function chunksOf(request: RangeRequest, limits: PrometheusLimits): RangeChunk[] {
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

function joinParts(parts: readonly RangeRows[], stepSeconds: number): History {
  const labels = new Set(parts.flatMap((part) => (part.labels === undefined ? [] : [part.labels])));
  if (labels.size > 1) throw severalSeries([...labels].slice(0, 3), labels.size);
  return {
    stepSeconds,
    timestamps: joined(parts.map(({ timestamps }) => timestamps)),
    values: joined(parts.map(({ values }) => values)),
    warnings: [...new Set(parts.flatMap(({ warnings }) => warnings))],
  };
}

function toInstant({ sample, series }: PrometheusAnswer): InstantResult {
  const [atSeconds, text] = sample ?? series?.value ?? [];
  if (atSeconds === undefined || text === undefined) {
    return series?.values === undefined
      ? { kind: 'missing', isEmpty: true, reason: 'the query gives no series' }
      : rangeVectorRefused();
  }
  const value = Number(text);
  return Number.isFinite(value)
    ? { kind: 'value', value, atSeconds }
    : { kind: 'missing', isEmpty: false, reason: `the query gives ${text}` };
}

function rangeVectorRefused(): never {
  throw new ForescaleError(
    'source-rejected',
    'the query gives a range of samples instead of one number: wrap it in rate() or another function over time',
  );
}

/** A number as Prometheus reads it, never with an exponent; it keeps milliseconds. */
function decimal(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}
