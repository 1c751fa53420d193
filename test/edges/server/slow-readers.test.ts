import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import type { RunningServer } from '../../../src/server/start.ts';
import { startTestServer } from '../../real/integration/running.ts';
import { type FakeApi, json, startFakeApi } from '../history/prometheus/fake-api.ts';

/** Longest time for an RPC: the server's own deadline, and some time for a busy machine. */
const boundedMs = 5_000;
const workloads = 20;
const readers = 200;

let api: FakeApi;
let server: RunningServer;
let client: ExternalScalerClient;
const sockets: Socket[] = [];

beforeAll(async () => {
  let asked = 0;
  api = await startFakeApi(({ url, form }, response) => {
    const at = Number(form.get('time'));
    asked += 1;
    const data = url.endsWith('/query_range')
      ? { resultType: 'matrix', result: [] }
      : { resultType: 'vector', result: [{ metric: {}, value: [at, String(100 + asked)] }] };
    json(response, { status: 'success', data });
  });
  server = await startTestServer(api.url, 'timing: { refreshInterval: 100ms, freshAge: 5s }');
  client = new ExternalScaler(`127.0.0.1:${server.grpcPort}`, credentials.createInsecure());
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  client?.close();
  await server?.close();
  await api?.close();
});

function signalOf(index: number): Promise<number> {
  const scaledObjectRef = {
    namespace: 'shop',
    name: `web-${index}`,
    scalerMetadata: { query: `demand_${index}`, threshold: '10' },
  };
  return new Promise((resolve, reject) => {
    client.GetMetrics(
      { scaledObjectRef, metricName: 'm' },
      { deadline: Date.now() + boundedMs },
      (error, answer) =>
        error ? reject(error) : resolve(answer?.metricValues?.[0]?.metricValueFloat ?? Number.NaN),
    );
  });
}

it('KEDA is answered in time while two hundred clients have streams open that they do not read', async () => {
  for (let index = 0; index < workloads; index++) expect(await signalOf(index)).toBeGreaterThan(100);
  const { hostname, port } = new URL(server.httpUrl);
  for (let index = 0; index < readers; index++) {
    const socket = connect({ port: Number(port), host: hostname });
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write('GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    // The head of the answer says that the stream is open; nothing is read after it.
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(/^HTTP\/1.1 200[\s\S]*text\/event-stream/);
    socket.pause();
  }
  let last = 0;
  for (let round = 0; round < 15; round++) {
    const signals = await Promise.all(Array.from({ length: workloads }, (_, index) => signalOf(index)));
    expect(signals.every((signal) => signal > 100)).toBe(true);
    const [highest] = signals.toSorted((a, b) => b - a);
    last = Math.max(last, highest ?? 0);
  }
  // Demand was observed anew meanwhile, and each new decision was written to the streams.
  expect(last).toBeGreaterThan(100 + workloads);
});
