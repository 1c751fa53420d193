import { type EventEmitter, once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GrpcServer, type GrpcServerOptions, startGrpcServer } from '../../../src/scaler/server.ts';
import type { ScalerService } from '../../../src/scaler/service.ts';

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

const streamPath = '/externalscaler.ExternalScaler/StreamIsActive';
/** An empty message: no compression, length 0. */
const emptyMessage = Buffer.alloc(5);

/** The end of a call whose request comes. */
function answerOn(session: ClientHttp2Session) {
  const stream = session.request(headers, { endStream: false });
  stream.end(emptyMessage);
  return endOf(stream);
}

/** A server that waits ten minutes for requests, longer than a test takes, unless `options` say otherwise. */
async function startPatient(options: Partial<GrpcServerOptions>, given: object = service) {
  const started = await startGrpcServer('127.0.0.1:0', given as ScalerService, {
    deadlineMs: 600_000,
    maxPushed: 10,
    ...options,
  });
  const sessions: ClientHttp2Session[] = [];
  const sockets: Socket[] = [];
  return {
    async connect(): Promise<ClientHttp2Session> {
      const createConnection = () => {
        const socket = connectTcp(started.port, '127.0.0.1');
        sockets.push(socket);
        return socket;
      };
      const session = connect(`http://127.0.0.1:${started.port}`, { createConnection });
      sessions.push(session.on('error', () => undefined));
      await once(session, 'remoteSettings');
      return session;
    },
    /** Ends the connections without a word about their streams. */
    loseConnections(): void {
      for (const socket of sockets) socket.destroy();
    },
    async close(): Promise<void> {
      for (const session of sessions) session.destroy();
      await started.close(100);
    },
  };
}

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

  it('ends those beyond a bound of the connection with the most, and answers one whose request comes', async () => {
    const patient = await startPatient({ maxPushed: 10_000 });
    const [honest, greedy] = [await patient.connect(), await patient.connect()];
    const ends: string[] = [];
    const open = (name: string, on: ClientHttp2Session) => {
      const stream = on.request(headers, { endStream: false });
      void endOf(stream).then(({ grpcStatus }) => ends.push(`${name}: ${grpcStatus}`));
      return stream;
    };
    for (const session of [honest, greedy]) expect(await answerOn(session)).toEqual({ grpcStatus: '0' });
    const waiting = Array.from({ length: 1_500 }, () => open('honest', honest));
    // An answer on the same connection says that all before it were seen.
    open('asked', honest).end(emptyMessage);
    await expect.poll(() => ends).toEqual(['asked: 0']);
    for (let index = 0; index < 2_600; index++) open('greedy', greedy);
    await expect.poll(() => ends.filter((end) => end === 'greedy: 4').length).toBeGreaterThan(90);
    // The calls of a client that sends all its calls before all its requests are answered, every one.
    ends.length = 0;
    for (const stream of waiting) stream.end(emptyMessage);
    await expect.poll(() => ends.filter((end) => end === 'honest: 0').length).toBe(waiting.length);
    expect(new Set(ends.filter((end) => !end.startsWith('greedy')))).toEqual(new Set(['honest: 0']));
    await patient.close();
  });

  it('cuts a connection with many calls whose first request does not come for seconds', async () => {
    const patient = await startPatient({ maxPushed: 10_000 });
    const [asked, silent] = [await patient.connect(), await patient.connect()];
    expect(await answerOn(asked)).toEqual({ grpcStatus: '0' });
    for (const session of [asked, silent]) {
      for (let index = 0; index < 1_100; index++) {
        session.request(headers, { endStream: false }).on('error', () => undefined);
      }
    }
    await sleep(2_100);
    silent.request(headers, { endStream: false }).on('error', () => undefined);
    await once(silent, 'close');
    expect(await answerOn(asked)).toEqual({ grpcStatus: '0' });
    await patient.close();
  });

  it('keeps no more connections than are allowed, and of these the ones that ask', async () => {
    const small = await startPatient({ maxConnections: 3 });
    const keda = await small.connect();
    expect(await answerOn(keda)).toEqual({ grpcStatus: '0' });
    const idle = [await small.connect(), await small.connect(), await small.connect(), await small.connect()];
    await expect.poll(() => idle.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false]);
    expect(keda.destroyed).toBe(false);
    expect(await answerOn(keda)).toEqual({ grpcStatus: '0' });
    expect(await answerOn(idle[3] as ClientHttp2Session)).toEqual({ grpcStatus: '0' });
    await small.close();
  });

  it('ends the streams of a client that goes away in turns of the event loop', async () => {
    const cancelled: number[] = [];
    let turn = 0;
    let seen = 0;
    const streaming = {
      ...service,
      handlers: {
        ...service.handlers,
        StreamIsActive: (call: EventEmitter) => {
          seen++;
          call.on('cancelled', () => cancelled.push(turn));
        },
      },
    };
    const patient = await startPatient({ maxPushed: 3_000 }, streaming);
    const session = await patient.connect();
    const streams = 1_000;
    for (let index = 0; index < streams; index++) {
      const stream = session.request({ ...headers, ':path': streamPath }, { endStream: false });
      stream.on('error', () => undefined).end(emptyMessage);
    }
    await expect.poll(() => seen).toBe(streams);
    const count = () => {
      turn++;
      if (cancelled.length < streams) setImmediate(count);
    };
    count();
    patient.loseConnections();
    await expect.poll(() => cancelled.length).toBe(streams);
    const perTurn = [...Map.groupBy(cancelled, (at) => at).values()].map(({ length }) => length);
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(100);
    await patient.close();
  });

  it('begins no more calls in a turn of the event loop than some, whatever number comes at once', async () => {
    const begun: number[] = [];
    let turn = 0;
    const calls = 1_000;
    const counting = {
      ...service,
      handlers: {
        ...service.handlers,
        IsActive: (_call: unknown, callback: (error: null, answer: object) => void) => {
          begun.push(turn);
          callback(null, { result: true });
        },
      },
    };
    const patient = await startPatient({}, counting);
    const session = await patient.connect();
    const count = () => {
      turn++;
      if (begun.length < calls) setImmediate(count);
    };
    count();
    const answers = Array.from({ length: calls }, () => answerOn(session));
    expect(new Set((await Promise.all(answers)).map(({ grpcStatus }) => grpcStatus))).toEqual(new Set(['0']));
    const perTurn = [...Map.groupBy(begun, (at) => at).values()].map(({ length }) => length);
    // A call takes 28 bytes once its headers are known, and 2 KiB are read in a turn; two may fall between two counts.
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(150);
    await patient.close();
  });

  it('still answers on that connection afterwards', async () => {
    const stream = session.request(headers, { endStream: false });
    const ended = endOf(stream);
    stream.end(emptyMessage);
    expect(await ended).toEqual({ grpcStatus: '0' });
    expect(constants.NGHTTP2_NO_ERROR).toBe(stream.rstCode);
  });
});
