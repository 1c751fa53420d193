import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { type MethodDefinition, type Server, type ServiceDefinition, status } from '@grpc/grpc-js';
import { emptyClosedStream } from './closed-stream.ts';
import type { Connection, HalfOpenCall } from './connection.ts';
import type { Connections } from './connections.ts';
import type { HalfOpenTable } from './half-open-table.ts';

/** An error as gRPC tells it. */
interface Failure {
  readonly code: number;
  readonly details: string;
}

/** Answers one request, at once or later. */
type UnaryHandler = (
  call: { readonly request: unknown },
  done: (failure: Failure | null, answer?: unknown) => void,
) => void;

interface Unary extends Pick<MethodDefinition<unknown, unknown>, 'requestDeserialize' | 'responseSerialize'> {
  readonly handle: UnaryHandler;
}

interface DirectOptions {
  readonly connections: Pick<Connections, 'current'>;
  readonly table: HalfOpenTable;
  /** Largest request. */
  readonly maxRequestBytes: number;
}

/** What grpc-js does with a stream of HTTP/2. It has no public door to it. */
interface StreamHandling {
  _streamHandler(interceptors: unknown, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  onStreamOpened(stream: ServerHttp2Stream): void;
}

/** Whether a message is compressed, and its length, stand before it. */
const prefixBytes = 5;
const answerHeaders = [constants.HTTP2_HEADER_STATUS, '200', 'content-type', 'application/grpc'];
const answerOptions = { waitForTrailers: true, sendDate: false };
const lastOptions = { endStream: true, sendDate: false };
const okTrailers = { 'grpc-status': String(status.OK) };
const noop = () => undefined;

/**
 * Has calls with one request and one answer, which KEDA makes thousands of, answered over their streams of HTTP/2. grpc-js makes a
 * chain of objects for each call, which costs as much as the rest of it; it still serves all others: streams, compressed requests,
 * health and reflection. Call it before the server has its first connection.
 */
export function answerDirectly(
  server: Server,
  service: ServiceDefinition,
  handlers: Readonly<Record<string, unknown>>,
  options: DirectOptions,
): void {
  const methods = unaryMethods(service, handlers);
  const inner = server as unknown as StreamHandling;
  const handleUsually = inner._streamHandler;
  if (typeof handleUsually !== 'function' || typeof inner.onStreamOpened !== 'function')
    throw new Error('this version of grpc-js handles streams in another way');
  inner._streamHandler = (interceptors, stream, headers) => {
    const method = methods.get(headers[':path'] ?? '');
    if (method === undefined || !isPlain(headers)) {
      handleUsually.call(inner, interceptors, stream, headers);
      return;
    }
    // The connection is of somebody while the stream is open.
    inner.onStreamOpened(stream);
    answerCall(stream, method, options);
  };
}

function unaryMethods(service: ServiceDefinition, handlers: Readonly<Record<string, unknown>>) {
  const methods = new Map<string, Unary>();
  for (const [name, { path, requestStream, responseStream, ...codec }] of Object.entries(service)) {
    const handle = handlers[name];
    if (!requestStream && !responseStream && typeof handle === 'function')
      methods.set(path, { ...codec, handle: handle as UnaryHandler });
  }
  return methods;
}

function isPlain(headers: IncomingHttpHeaders): boolean {
  const encoding = headers['grpc-encoding'] ?? 'identity';
  return encoding === 'identity' && headers['content-type']?.startsWith('application/grpc') === true;
}

function answerCall(
  stream: ServerHttp2Stream,
  method: Unary,
  { connections, table, maxRequestBytes }: DirectOptions,
): void {
  const connection = connections.current();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const call = new DirectCall(stream, connection, table);
  stream.on('error', noop);
  stream.on('data', (chunk: Buffer) => {
    if (stream.headersSent) return;
    chunks.push(chunk);
    bytes += chunk.length;
    const tooMany = bytes - prefixBytes > maxRequestBytes;
    if (tooMany) call.endWith(status.RESOURCE_EXHAUSTED, `a request has at most ${maxRequestBytes} bytes`);
  });
  stream.on('end', () => {
    if (stream.headersSent || stream.closed) return;
    table.noteRequest(connection, call);
    answer(stream, method, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  });
  stream.once('close', () => {
    call.forget();
    emptyClosedStream(stream);
  });
}

/**
 * A call that is noted until its request has come or its stream is closed. It has methods of its class, because V8 makes each function
 * of an object that has its own among old objects (ADR 29).
 */
class DirectCall implements HalfOpenCall {
  readonly beganMs = performance.now();
  readonly #stream: ServerHttp2Stream;
  readonly #connection: Connection;
  readonly #table: HalfOpenTable;

  constructor(stream: ServerHttp2Stream, connection: Connection, table: HalfOpenTable) {
    this.#stream = stream;
    this.#connection = connection;
    this.#table = table;
    connection.streams.add(stream);
    table.add(connection, this);
  }

  end(details: string): void {
    this.endWith(status.DEADLINE_EXCEEDED, details);
  }

  endWith(code: status, details: string): void {
    this.#table.forget(this.#connection, this);
    fail(this.#stream, { code, details });
    // The client has not ended its half, so that the stream would take memory until the connection ends.
    this.#stream.close(constants.NGHTTP2_NO_ERROR);
  }

  forget(): void {
    this.#connection.streams.delete(this.#stream);
    this.#table.forget(this.#connection, this);
  }
}

function answer(stream: ServerHttp2Stream, method: Unary, received: Buffer): void {
  const read = readRequest(received, method);
  if ('failure' in read) {
    fail(stream, read.failure);
    return;
  }
  const done = (failure: Failure | null, value?: unknown) => {
    if (failure === null) orFail(stream, () => send(stream, method.responseSerialize(value)));
    else fail(stream, failure);
  };
  orFail(stream, () => method.handle(read, done));
}

/** Whatever a handler throws, and an answer that cannot be written, ends one call and not the process. */
function orFail(stream: ServerHttp2Stream, work: () => void): void {
  try {
    work();
  } catch {
    fail(stream, { code: status.UNKNOWN, details: 'the call failed' });
  }
}

/** The one message that was received. */
function readRequest(
  received: Buffer,
  { requestDeserialize }: Unary,
): { readonly request: unknown } | { readonly failure: Failure } {
  if (received.length === 0)
    return { failure: { code: status.UNIMPLEMENTED, details: 'no request came before the end of the call' } };
  const isCompressed = received[0] !== 0;
  if (
    isCompressed ||
    received.length < prefixBytes ||
    received.readUInt32BE(1) !== received.length - prefixBytes
  )
    return { failure: { code: status.INTERNAL, details: 'a call has one request, which is not compressed' } };
  try {
    return { request: requestDeserialize(received.subarray(prefixBytes)) };
  } catch {
    return { failure: { code: status.INTERNAL, details: 'the request cannot be decoded' } };
  }
}

function send(stream: ServerHttp2Stream, message: Buffer): void {
  if (isGone(stream)) return;
  const framed = Buffer.allocUnsafe(prefixBytes + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, prefixBytes);
  stream.respond(answerHeaders, answerOptions);
  stream.once('wantTrailers', () => stream.sendTrailers(okTrailers));
  stream.end(framed);
}

function fail(stream: ServerHttp2Stream, { code, details }: Failure): void {
  if (isGone(stream)) return;
  stream.respond(
    [...answerHeaders, 'grpc-status', String(code), 'grpc-message', encodeURI(details)],
    lastOptions,
  );
}

/** Whether nobody waits for an answer any more, or one was given. */
function isGone(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed || stream.headersSent;
}
