import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { demandAt } from './fake-prometheus.ts';

/** A thread that speaks the API of Prometheus: range and instant queries of one series. Its first message is its port. */
const server = createServer(answer);
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));

/** How long a query takes whose text contains "slow". */
const slowMs = 14_000;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const form = new URLSearchParams(body);
  const number = (name: string) => Number(form.get(name));
  const send = () => {
    const isRange = request.url?.includes('query_range') === true;
    const result = isRange
      ? `[{"metric":{},"values":[${rows(number('start'), number('end'), number('step'))}]}]`
      : `[{"metric":{},"value":${sample(number('time'))}}]`;
    const resultType = isRange ? 'matrix' : 'vector';
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(`{"status":"success","data":{"resultType":"${resultType}","result":${result}}}`);
  };
  if (form.get('query')?.includes('slow') === true) setTimeout(send, slowMs);
  else send();
}

function sample(unixSeconds: number): string {
  return `[${unixSeconds},"${demandAt(unixSeconds).toFixed(3)}"]`;
}

function rows(startSeconds: number, endSeconds: number, stepSeconds: number): string {
  const samples: string[] = [];
  for (let at = startSeconds; at <= endSeconds; at += stepSeconds) samples.push(sample(at));
  return samples.join(',');
}
