import { constants, type Http2Stream } from 'node:http2';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { Connection, HalfOpenCall } from './connection.ts';
import type { Connections } from './connections.ts';

/**
 * Calls at once, over all connections, whose request has not come. Each costs some kilobytes. An honest request is there within
 * milliseconds of its call, though a client that begins thousands of calls at once may send all requests after all calls.
 */
const mostHalfOpen = 4_000;
/** Calls of one connection that may miss the deadline at once; who has more is no client. */
const mostLate = 100;
/** Shortest time between two looks for calls that are late. */
const lookMs = 50;

interface HalfOpenOptions {
  readonly connections: Pick<Connections, 'begun' | 'current'>;
  /** A call whose request has not come within this time is ended. */
  readonly deadlineMs: number;
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
}

/**
 * Bounds calls that were begun and whose request never comes: they cost memory for as long as their connection lives. One that is
 * late is ended. Where there are too many, the connection that has the most is cut, and so is one with many that are late.
 * Calls whose request is there (StreamIsActive) stay open.
 */
export function boundHalfOpenCalls(options: HalfOpenOptions): ServerInterceptor {
  const { connections, deadlineMs, nowMs = () => performance.now() } = options;
  let count = 0;
  let isWatched = false;

  function forget(connection: Connection, call: HalfOpenCall): void {
    if (connection.halfOpen.delete(call)) count--;
  }

  function cut(connection: Connection): void {
    count -= connection.halfOpen.size;
    connection.halfOpen.clear();
    connection.cut();
  }

  function cutLargest(): void {
    let largest: Connection | undefined;
    for (const one of connections.begun())
      if (one.halfOpen.size > (largest?.halfOpen.size ?? 0)) largest = one;
    if (largest !== undefined) cut(largest);
  }

  function watch(afterMs: number): void {
    if (isWatched || count === 0) return;
    isWatched = true;
    const look = async () => {
      await endLate();
      isWatched = false;
      watch(lookMs);
    };
    setTimeout(look, afterMs).unref();
  }

  async function endLate(): Promise<void> {
    const slices = createTimeSlices({ sliceFor: 'caller' });
    for (const connection of connections.begun()) {
      const late = lateOf(connection, nowMs() - deadlineMs);
      if (late.length > mostLate) cut(connection);
      else for (const call of late) call.end(`no request came within ${deadlineMs / 1000} s`);
      if (slices.isOver()) await slices.nextTurn();
    }
  }

  return (_method, call) => {
    const connection = connections.current();
    const stream = followStream(call, connection);
    const halfOpen: HalfOpenCall = {
      beganMs: nowMs(),
      end(details) {
        forget(connection, halfOpen);
        intercepted.sendStatus({ code: status.DEADLINE_EXCEEDED, details });
        // The client has not ended its half, so that the stream would take 6 kB until the connection ends.
        stream?.close(constants.NGHTTP2_NO_ERROR);
      },
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        forget(connection, halfOpen);
        connection.askedMs = nowMs();
        next(message);
      })
      .withOnCancel(() => forget(connection, halfOpen))
      .build();
    const intercepted = new ServerInterceptingCall(call, { start: (next) => next(listener) });
    connection.halfOpen.add(halfOpen);
    count++;
    if (count > mostHalfOpen) cutLargest();
    watch(deadlineMs);
    return intercepted;
  };
}

/** Calls of a connection that began before a time; the oldest are first, and later ones are not looked at. */
function lateOf({ halfOpen }: Connection, beforeMs: number): HalfOpenCall[] {
  const late: HalfOpenCall[] = [];
  for (const call of halfOpen) {
    if (call.beganMs > beforeMs) break;
    late.push(call);
  }
  return late;
}

/** Notes the stream of a call while it is open. grpc-js has no door to it and keeps it in a private field of the innermost call. */
function followStream(
  call: ServerInterceptingCallInterface,
  { streams }: Connection,
): Http2Stream | undefined {
  const { stream } = call as { readonly stream?: Http2Stream };
  if (stream === undefined) return undefined;
  streams.add(stream);
  stream.once('close', () => streams.delete(stream));
  return stream;
}
