import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askedSeries } from './asked-series.ts';
import { createAskingRecord } from './asking-record.ts';
import { curveOf, demandAt, evenDemandAt, risingDemandAt } from './made-demand.ts';

/**
 * A program: a source in place of Prometheus, which costs next to nothing, so that what is measured is the scaler. It answers instant
 * queries and ranges about the benchmark's series from a formula: a day with a swing, with the argument `even` one value for each, and with
 * `rising` and a Unix time a demand that rises from then on. `GET /asked` says what it was asked since the last such request.
 */
const valueAt = demandOf(process.argv[2], Number(process.argv[3]));
const record = createAskingRecord(() => performance.now() / 1000);

function demandOf(kind: string | undefined, sinceSeconds: number): typeof demandAt {
  if (kind === 'even') return evenDemandAt;
  return kind === 'rising' ? (curve, at) => risingDemandAt(curve, at, sinceSeconds) : demandAt;
}

/** Rows as JSON, by curve and range: a thousand workloads ask for the same few within a minute. */
const rowsMade = new Map<string, string>();
const mostRowsKept = 200;

function rowsOf(curve: number, start: number, end: number, step: number): string {
  const key = `${curve} ${start} ${end} ${step}`;
  const made = rowsMade.get(key) ?? makeRows(curve, start, end, step);
  if (rowsMade.size > mostRowsKept) rowsMade.clear();
  rowsMade.set(key, made);
  return made;
}

function makeRows(curve: number, start: number, end: number, step: number): string {
  const rows: string[] = [];
  for (let t = start; t <= end; t += step) rows.push(`[${t},"${valueAt(curve, t).toFixed(3)}"]`);
  return rows.join(',');
}

function matrix(form: URLSearchParams): string {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
  record.noteRange();
  const series = askedSeries(form.get('query') ?? '').map(
    ({ app, labels }) =>
      `{"metric":${JSON.stringify(labels)},"values":[${rowsOf(curveOf(app), start!, end!, step!)}]}`,
  );
  return answered('matrix', series);
}

function vector(form: URLSearchParams): string {
  const time = Number(form.get('time'));
  const asked = askedSeries(form.get('query') ?? '');
  record.noteInstant(asked.map(({ app }) => app));
  const series = asked.map(
    ({ app, labels }) =>
      `{"metric":${JSON.stringify(labels)},"value":[${time},"${valueAt(curveOf(app), time).toFixed(3)}"]}`,
  );
  return answered('vector', series);
}

const answered = (resultType: string, series: readonly string[]) =>
  `{"status":"success","data":{"resultType":"${resultType}","result":[${series.join(',')}]}}`;

function answerTo(path: string, form: URLSearchParams): string | undefined {
  if (path === '/api/v1/query') return vector(form);
  if (path === '/api/v1/query_range') return matrix(form);
  return path === '/asked' ? JSON.stringify(record.look()) : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const form = new URLSearchParams(request.method === 'POST' ? await bodyOf(request) : query);
  const answer = answerTo(path, form);
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(answer);
}

const server = createServer((request, response) => void handle(request, response));
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ listening: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit(0));
