import type { FastifyReply, FastifyRequest } from 'fastify';
import { createTimeZone } from '../../forecast/index.ts';
import { zonedTime } from '../../platform/moment.ts';
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

/** Rows as text: each begins with its time in words and in unix seconds, and ends with the unit where that is known. */
export function writtenRows(
  { columns, rows, unit }: Rows,
  format: Exclude<RowFormat, 'json'>,
  timeZone = 'UTC',
): string {
  const { offsetAt } = createTimeZone(timeZone);
  const units = unit === undefined ? [] : [unit];
  const lines: string[] = [];
  if (format === 'csv') lines.push(csvLine(['timestamp', 'unix', ...columns, ...units.map(() => 'unit')]));
  for (const { atSeconds, cells, json } of rows) {
    const time = zonedTime(atSeconds, offsetAt(atSeconds));
    lines.push(
      format === 'csv'
        ? csvLine([time, atSeconds, ...cells, ...units])
        : `${JSON.stringify({ time, unix: atSeconds, ...json, unit })}\n`,
    );
  }
  return lines.join('');
}

/** Lets an answer be written as rows where the client asks for that. The answer stays what the route gives. */
export function negotiateRows<A>(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  timeZone: string | undefined,
  rowsOf: (answer: A) => Rows,
): void {
  const format = formatOf(headers.accept);
  reply.header('vary', 'accept');
  if (format === 'json') return;
  reply.type(contentTypes[format]).serializer((answer: A) => writtenRows(rowsOf(answer), format, timeZone));
}
