import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GrpcServer, startGrpcServer } from '../../../src/scaler/server.ts';

const path = '/externalscaler.ExternalScaler/IsActive';
const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };

/** How a stream ended: its gRPC status, or the code it was reset with. */
function endOf(
  stream: ClientHttp2Stream,
): Promise<{ readonly grpcStatus?: string; readonly resetCode?: number }> {
  return new Promise((resolve) => {
    stream.on('error', () => undefined);
    stream.on('response', (answer) => {
      const grpcStatus = answer['grpc-status'];
      if (grpcStatus !== undefined) resolve({ grpcStatus: String(grpcStatus) });
    });
    stream.on('trailers', (trailers) => resolve({ grpcStatus: String(trailers['grpc-status']) }));
    stream.on('close', () => resolve({ resetCode: stream.rstCode }));
    stream.resume();
  });
}

const service = {
  handlers: {
    IsActive: (_call: unknown, callback: (error: null, answer: object) => void) =>
      callback(null, { result: true }),
    GetMetricSpec: () => undefined,
    GetMetrics: () => undefined,
    StreamIsActive: () => undefined,
  },
  openStreams: () => 0,
  endStreams: () => undefined,
};

describe('the gRPC server', () => {
  let server: GrpcServer;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    server = await startGrpcServer('127.0.0.1:0', service, { deadlineMs: 200, maxPushed: 2_500 });
  });
  afterAll(async () => {
    session?.destroy();
    await server?.close(100);
  });

  it('refuses streams beyond a bound, and ends those whose request never comes', async () => {
    session = connect(`http://127.0.0.1:${server.port}`);
    session.on('error', () => undefined);
    await new Promise((resolve) => session.once('remoteSettings', resolve));
    // One for each trigger that KEDA may hold a stream open for, and a thousand for its calls.
    expect(session.remoteSettings.maxConcurrentStreams).toBe(3_500);

    const halfOpen = Array.from({ length: 50 }, () => session.request(headers, { endStream: false }));
    const ends = await Promise.all(halfOpen.map(endOf));
    // 4 is DEADLINE_EXCEEDED.
    expect(ends.every(({ grpcStatus }) => grpcStatus === '4')).toBe(true);
  });

  it('closes their streams, which the client leaves open', async () => {
    const halfOpen = session.request(headers, { endStream: false });
    halfOpen.resume();
    await once(halfOpen, 'close');
    expect(halfOpen.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('ends the oldest of too many over all connections, and answers one whose request comes', async () => {
    const patient = await startGrpcServer('127.0.0.1:0', service, { deadlineMs: 60_000, maxPushed: 10 });
    const sessions = [1, 2].map(() => connect(`http://127.0.0.1:${patient.port}`));
    const ended: string[] = [];
    const open = (name: string, on: ClientHttp2Session) => {
      const stream = on.request(headers, { endStream: false });
      void endOf(stream).then(({ grpcStatus }) => ended.push(`${name}: ${grpcStatus}`));
      return stream;
    };
    const [first, second] = sessions as [ClientHttp2Session, ClientHttp2Session];
    await Promise.all(sessions.map((one) => once(one, 'remoteSettings')));
    for (let index = 0; index < 900; index++) open('old', first);
    // An answer on the same connection says that all before it were seen.
    open('asked', first).end(Buffer.alloc(5));
    await expect.poll(() => ended).toEqual(['asked: 0']);
    for (let index = 0; index < 150; index++) open('new', second);
    await expect.poll(() => ended.length).toBe(51);
    expect(new Set(ended)).toEqual(new Set(['asked: 0', 'old: 4']));
    for (const one of sessions) one.destroy();
    await patient.close(100);
  });

  it('still answers on that connection afterwards', async () => {
    const stream = session.request(headers, { endStream: false });
    const ended = endOf(stream);
    // An empty message: no compression, length 0.
    stream.end(Buffer.alloc(5));
    expect(await ended).toEqual({ grpcStatus: '0' });
    expect(constants.NGHTTP2_NO_ERROR).toBe(stream.rstCode);
  });
});
