import type { FastifyReply, FastifyRequest } from 'fastify';
import { createTimeZone } from '../../forecast/index.ts';
import { zonedTime } from '../../platform/moment.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { type Cell, csvLine } from './csv-line.ts';
import { contentTypes, formatOf, type RowFormat } from './format.ts';

/** The rows of an answer, rising in time. */
export interface Rows {
  /** Names of the columns of CSV, after the time. */
  readonly columns: readonly string[];
  readonly rows: Iterable<{
    readonly atSeconds: number;
    /** Values of the columns. */
    readonly cells: readonly Cell[];
    /** The row as JSON, without its time. */
    readonly json: object;
  }>;
  /** What demand is counted in; it is written into every row. */
  readonly unit: string | undefined;
}

/**
 * Rows as text: each begins with its time in words and in unix seconds, and ends with the unit where that is known. The event loop
 * turns in between. What is longer than `mostCharacters` is not written to its end: it is refused when it is sent.
 */
export async function writtenRows(
  { columns, rows, unit }: Rows,
  format: Exclude<RowFormat, 'json'>,
  timeZone = 'UTC',
  mostCharacters = Number.POSITIVE_INFINITY,
): Promise<string> {
  const { offsetAt } = createTimeZone(timeZone);
  const slices = createTimeSlices({ sliceFor: 'caller' });
  const units = unit === undefined ? [] : [unit];
  let text = format === 'csv' ? csvLine(['timestamp', 'unix', ...columns, ...units.map(() => 'unit')]) : '';
  for (const { atSeconds, cells, json } of rows) {
    const time = zonedTime(atSeconds, offsetAt(atSeconds));
    text +=
      format === 'csv'
        ? csvLine([time, atSeconds, ...cells, ...units])
        : `${JSON.stringify({ time, unix: atSeconds, ...json, unit })}\n`;
    if (text.length > mostCharacters) break;
    if (slices.isOver()) await slices.nextTurn();
  }
  return text;
}

interface AsRows<A> {
  readonly rowsOf: (answer: A) => Rows;
  readonly timeZone: string | undefined;
  /** Longest answer that is sent. */
  readonly mostCharacters: number;
}

/** The answer of a route, or its rows as text where the client asks for that. */
export async function asWanted<A>(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  answer: A,
  { rowsOf, timeZone, mostCharacters }: AsRows<A>,
): Promise<A> {
  const format = formatOf(headers.accept);
  reply.header('vary', 'accept');
  if (format === 'json') return answer;
  reply.type(contentTypes[format]);
  return (await writtenRows(rowsOf(answer), format, timeZone, mostCharacters)) as never;
}
