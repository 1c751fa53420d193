import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import { type BenchTrigger, type TriggerPlan, triggersOf, workloadLabel } from '../triggers.ts';
import { countAt, curveOf } from './made-demand.ts';

/** What the writer is told to write, and where. */
export interface WritingOrder {
  readonly plan: TriggerPlan;
  readonly historySeconds: number;
  readonly kind: 'prometheus' | 'victoria-metrics';
  readonly url: string;
}

/**
 * A program: writes a counter for each workload into a real source, first its history, a row a minute, and from then on a sample every
 * 15 s. VictoriaMetrics is written to, and Prometheus scrapes this program.
 */
const historyStepSeconds = 60;
const sampleEverySeconds = 15;
const seriesAtOnce = 4;

let triggers: readonly BenchTrigger[] = [];

const sampleOf = ({ metric, app }: BenchTrigger, unixSeconds: number) =>
  `${metric}{${workloadLabel}="${app}"} ${countAt(curveOf(app), unixSeconds)}`;

async function post(url: string, body: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST', body });
  if (!ok) throw new Error(`${url} answered ${status}`);
}

async function writeHistory({ metric, app }: BenchTrigger, order: WritingOrder, untilSeconds: number) {
  const rows = Math.floor(order.historySeconds / historyStepSeconds);
  const timestamps = Float64Array.from(
    { length: rows },
    (_, row) => untilSeconds - (rows - 1 - row) * historyStepSeconds,
  );
  const values = timestamps.map((t) => countAt(curveOf(app), t));
  const labels = { [workloadLabel]: app };
  if (order.kind === 'prometheus') {
    const series = { metric, labels, kind: 'counter', timestamps, values } as const;
    return remoteWrite({ url: order.url, series });
  }
  // https://docs.victoriametrics.com/victoriametrics/single-server-victoriametrics/#how-to-import-data-in-json-line-format
  const milliseconds = [...timestamps].map((t) => 1000 * t);
  const line = { metric: { __name__: metric, ...labels }, values: [...values], timestamps: milliseconds };
  return post(`${order.url}/api/v1/import`, JSON.stringify(line));
}

async function write(order: WritingOrder): Promise<void> {
  triggers = triggersOf(order.plan);
  const untilSeconds = Math.floor(Date.now() / 1000 / historyStepSeconds) * historyStepSeconds;
  let next = 0;
  const worker = async () => {
    while (next < triggers.length) await writeHistory(triggers[next++]!, order, untilSeconds);
  };
  await Promise.all(Array.from({ length: seriesAtOnce }, worker));
  process.send?.({ written: triggers.length });
  if (order.kind === 'prometheus') return;
  for (;;) {
    const now = Date.now();
    const lines = triggers.map((trigger) => `${sampleOf(trigger, now / 1000)} ${now}`);
    await post(`${order.url}/api/v1/import/prometheus`, lines.join('\n'));
    await sleep(1000 * sampleEverySeconds);
  }
}

const server = createServer((_request, response) => {
  const now = Date.now() / 1000;
  response.end(`${triggers.map((trigger) => sampleOf(trigger, now)).join('\n')}\n`);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ listening: (server.address() as AddressInfo).port });
});
process.on('message', (message) => {
  if (message !== 'usage') void write(message as WritingOrder);
});
process.once('disconnect', () => process.exit(0));
