import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** What was asked: the body of a POST, the parameters of the URL of a GET. */
  readonly form: URLSearchParams;
}

export interface FakeApi {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => void;

/** A real HTTP server on a loopback port that gives prepared answers; `tls` makes it HTTPS. */
export async function startFakeApi(answer: Answer, tls?: ServerOptions): Promise<FakeApi> {
  const requests: SeenRequest[] = [];
  const onRequest = async (message: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of message) body += String(chunk);
    const { method = '', url = '', headers } = message;
    const form = new URLSearchParams(method === 'GET' ? url.slice(url.indexOf('?') + 1) : body);
    const request = { method, url, headers, form };
    requests.push(request);
    answer(request, response, requests.length);
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  let connections = 0;
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers of one series whose value at t is `demandAt(t)`: a sample at the time asked for, or every point of a range. */
export function answersOf(demandAt: (t: number) => number): Answer {
  return ({ form }, response) => {
    const at = form.get('time');
    if (at !== null) {
      const result = [{ metric: {}, value: [Number(at), String(demandAt(Number(at)))] }];
      json(response, { status: 'success', data: { resultType: 'vector', result } });
      return;
    }
    const [start = 0, end = 0, step = 0] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
    if (!(step > 0)) {
      json(response, { status: 'error', errorType: 'bad_data', error: 'no range is asked for' }, 400);
      return;
    }
    const values: [number, string][] = [];
    for (let t = start; t <= end; t += step) values.push([t, String(demandAt(t))]);
    json(response, { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });
  };
}

/** A successful range answer of one series whose value at t is `t`, at every point asked for. */
export const everyPoint: Answer = answersOf((t) => t);

/** A successful instant answer with one sample. */
export const oneSample: Answer = (_, response) => {
  json(response, {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [1000, '7'] }] },
  });
};
