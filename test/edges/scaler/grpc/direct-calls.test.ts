import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExternalScaler } from '../../../../src/platform/protocol/external-scaler.ts';
import { type GrpcServer, startGrpcServer } from '../../../../src/scaler/server.ts';
import type { ScalerService } from '../../../../src/scaler/service.ts';

const path = '/externalscaler.ExternalScaler/IsActive';
const usual = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
type Done = (error: object | null, answer?: object) => void;

const asked: unknown[] = [];
let answerHeld: (() => void) | undefined;
const service = {
  handlers: {
    IsActive({ request }: { readonly request: { readonly name: string } }, done: Done) {
      asked.push(request);
      if (request.name === 'fails') done({ code: status.UNAVAILABLE, details: 'no-data: 100 % ☃' });
      else if (request.name === 'throws') throw new Error('of the handler');
      else if (request.name === 'unwritable') done(null);
      else if (request.name === 'held') answerHeld = () => done(null, { result: true });
      else done(null, { result: true });
    },
    GetMetricSpec: () => undefined,
    GetMetrics: () => undefined,
    StreamIsActive: () => undefined,
  },
  openStreams: () => 0,
  endStreams: () => undefined,
};

/** A message as it is sent: whether it is compressed, its length, and itself. */
function framed(message: Buffer, isCompressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = Number(isCompressed);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** What a peer sends that begins a call, and that nothing is heard of afterwards, not even an answer to GOAWAY. */
function beginOfCall(): Buffer {
  const frame = (type: number, flags: number, streamId: number, payload: Buffer) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.set([type, flags], 3);
    head.writeUInt32BE(streamId, 5);
    return Buffer.concat([head, payload]);
  };
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  // POST and http of HPACK's static table (RFC 7541, appendix A), then :authority, :path and content-type of it with values of ours.
  const headers = [
    ...[[0x83, 0x86, 0x01], text('a'), [0x04], text(path)],
    ...[[0x0f, 0x10], text('application/grpc')],
  ];
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(4, 0, 0, Buffer.alloc(0)),
    frame(1, 4, 1, Buffer.concat(headers.map((part) => Buffer.from(part)))),
  ]);
}

const requestOf = (name: string) =>
  ExternalScaler.service.IsActive.requestSerialize({ namespace: 'a', name });

describe('a call that is answered over its stream', () => {
  let server: GrpcServer;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    server = await startGrpcServer('127.0.0.1:0', service as unknown as ScalerService, { maxPushed: 10 });
    session = connect(`http://127.0.0.1:${server.port}`);
  });
  afterAll(async () => {
    session.destroy();
    await server.close(100);
  });

  /** Sends bytes as a request, in pieces; answers with the status, its text, and what came. */
  function call(pieces: readonly Buffer[], headers: OutgoingHttpHeaders = {}) {
    return new Promise<{ readonly code: number; readonly text?: string; readonly received: Buffer }>(
      (resolve, reject) => {
        const stream = session.request({ ...usual, ...headers }, { endStream: false });
        const received: Buffer[] = [];
        const take = (found: { readonly [name: string]: unknown }) => {
          if (found['grpc-status'] === undefined) return;
          const text = found['grpc-message'];
          resolve({
            code: Number(found['grpc-status']),
            ...(typeof text === 'string' ? { text: decodeURI(text) } : {}),
            received: Buffer.concat(received),
          });
        };
        stream.on('error', reject).on('response', take).on('trailers', take);
        stream.on('data', (chunk: Buffer) => received.push(chunk));
        for (const piece of pieces) stream.write(piece);
        stream.end();
      },
    );
  }

  it('has the answer of the handler, in however many pieces its request comes', async () => {
    const bytes = framed(requestOf('app'));
    const expected = framed(ExternalScaler.service.IsActive.responseSerialize({ result: true }));
    for (const pieces of [[bytes], [bytes.subarray(0, 3), bytes.subarray(3, 9), bytes.subarray(9)]]) {
      const { code, received } = await call(pieces);
      expect([code, received.toString('hex')]).toEqual([status.OK, expected.toString('hex')]);
      expect(asked.at(-1)).toMatchObject({ namespace: 'a', name: 'app' });
    }
  });

  it('leaves nothing that listens at its stream, which outlives it', async () => {
    const closed: ServerHttp2Stream[] = [];
    const note = (message: unknown) =>
      closed.push((message as { readonly stream: ServerHttp2Stream }).stream);
    subscribe('http2.server.stream.close', note);
    await call([framed(requestOf('app'))]);
    await expect.poll(() => closed).toHaveLength(1);
    unsubscribe('http2.server.stream.close', note);
    await expect.poll(() => closed[0]?.destroyed).toBe(true);
    await expect.poll(() => closed[0]?.eventNames()).toEqual([]);
  });

  it('empties closed streams, which stay closed whatever still reaches them', async () => {
    const closed: ServerHttp2Stream[] = [];
    const note = (message: unknown) => void closed.push((message as { stream: ServerHttp2Stream }).stream);
    subscribe('http2.server.stream.close', note);
    for (const name of ['app', 'fails', 'app']) await call([framed(requestOf(name))]);
    await expect.poll(() => closed).toHaveLength(3);
    unsubscribe('http2.server.stream.close', note);
    const fieldOf = (stream: ServerHttp2Stream, name: string) =>
      (stream as unknown as Record<string, object>)[name];
    const [one, other] = closed.slice(-2) as [ServerHttp2Stream, ServerHttp2Stream];
    await expect.poll(() => fieldOf(other, '_writableState')).toBe(fieldOf(one, '_writableState'));
    expect(fieldOf(other, '_readableState')).toBe(fieldOf(one, '_readableState'));

    const heard: unknown[] = [];
    other.on('error', (error) => heard.push(error)).on('data', (chunk) => heard.push(chunk));
    expect(one.eventNames()).toEqual([]);
    other.close();
    other.push('late');
    other.destroy();
    for (const stream of [one, other]) expect(stream).toMatchObject({ closed: true, destroyed: true });
    expect((await call([framed(requestOf('app'))])).code).toBe(status.OK);
    expect(heard).toEqual([]);
  });

  it('has the failure of the handler with its words', async () => {
    expect(await call([framed(requestOf('fails'))])).toMatchObject({
      code: status.UNAVAILABLE,
      text: 'no-data: 100 % ☃',
    });
    for (const name of ['throws', 'unwritable'])
      expect((await call([framed(requestOf(name))])).code).toBe(status.UNKNOWN);
  });

  it.each([
    ['without a request', [], status.UNIMPLEMENTED],
    ['with half a request', [framed(requestOf('app')).subarray(0, 8)], status.INTERNAL],
    ['with two requests', [framed(requestOf('app')), framed(requestOf('app'))], status.INTERNAL],
    ['with what is no request', [framed(Buffer.from('ffffff', 'hex'))], status.INTERNAL],
    ['that is compressed and does not say how', [framed(requestOf('app'), true)], status.INTERNAL],
    ['that is too large', [framed(Buffer.alloc(70_000))], status.RESOURCE_EXHAUSTED],
  ])('fails %s, and asks no handler', async (_what, pieces, code) => {
    const before = asked.length;
    expect((await call(pieces)).code).toBe(code);
    expect(asked).toHaveLength(before);
  });

  it('may be compressed', async () => {
    const compressed = framed(gzipSync(requestOf('zipped')), true);
    expect((await call([compressed], { 'grpc-encoding': 'gzip' })).code).toBe(status.OK);
    expect(asked.at(-1)).toMatchObject({ name: 'zipped' });
  });

  it('may end before its answer is there', async () => {
    const stream = session.request(usual, { endStream: false });
    stream.on('error', () => undefined).end(framed(requestOf('held')));
    await expect.poll(() => answerHeld).toBeDefined();
    stream.close();
    // What the server does on this connection later, it does after it has seen the end.
    expect((await call([framed(requestOf('app'))])).code).toBe(status.OK);
    answerHeld?.();
    expect((await call([framed(requestOf('app'))])).code).toBe(status.OK);
  });

  it('is answered where the server closes meanwhile, which waits for it', async () => {
    const closing = await startGrpcServer('127.0.0.1:0', service as unknown as ScalerService, {
      maxPushed: 10,
    });
    const other = connect(`http://127.0.0.1:${closing.port}`);
    const call = other.request(usual, { endStream: false });
    const trailers = once(call, 'trailers');
    const before = answerHeld;
    call.resume().end(framed(requestOf('held')));
    await expect.poll(() => answerHeld).not.toBe(before);
    let isClosed = false;
    const closed = closing.close(60_000).then(() => {
      isClosed = true;
    });
    await once(other, 'goaway');
    expect(isClosed).toBe(false);
    answerHeld?.();
    expect(await trailers).toMatchObject([{ 'grpc-status': '0' }, expect.anything(), expect.anything()]);
    await closed;
  });

  it('is cut with its connection where it is open when the time to close is over', async () => {
    const closing = await startGrpcServer('127.0.0.1:0', service as unknown as ScalerService, {
      maxPushed: 10,
      // Longer than a test takes: it is not what ends the call.
      deadlineMs: 600_000,
    });
    const peer = createConnection(closing.port, '127.0.0.1');
    const ended = once(peer, 'close');
    peer.on('error', () => undefined).resume();
    peer.write(beginOfCall());
    await once(peer, 'data');
    await closing.close(100);
    await ended;
  });
});
