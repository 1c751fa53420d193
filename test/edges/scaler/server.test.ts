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

describe('the gRPC server', () => {
  let server: GrpcServer;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    const handlers = {
      IsActive: (_call: unknown, callback: (error: null, answer: object) => void) =>
        callback(null, { result: true }),
      GetMetricSpec: () => undefined,
      GetMetrics: () => undefined,
      StreamIsActive: () => undefined,
    };
    server = await startGrpcServer('127.0.0.1:0', { handlers, endStreams: () => undefined }, undefined, 200);
  });
  afterAll(async () => {
    session?.destroy();
    await server?.close(100);
  });

  it('refuses streams beyond a bound, and ends those whose request never comes', async () => {
    session = connect(`http://127.0.0.1:${server.port}`);
    session.on('error', () => undefined);
    await new Promise((resolve) => session.once('remoteSettings', resolve));
    expect(session.remoteSettings.maxConcurrentStreams).toBe(1_000);

    const halfOpen = Array.from({ length: 50 }, () => session.request(headers, { endStream: false }));
    const ends = await Promise.all(halfOpen.map(endOf));
    // 4 is DEADLINE_EXCEEDED.
    expect(ends.every(({ grpcStatus }) => grpcStatus === '4')).toBe(true);
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
