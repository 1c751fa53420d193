import { constants, type Http2Stream } from 'node:http2';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';
import type { Connection, HalfOpenCall } from './connection.ts';
import type { Connections } from './connections.ts';
import type { HalfOpenTable } from './half-open-table.ts';

/**
 * Bounds calls that were begun and whose request never comes: they cost memory for as long as their connection lives. Calls whose
 * request is there (StreamIsActive) stay open.
 */
export function boundHalfOpenCalls(
  table: HalfOpenTable,
  connections: Pick<Connections, 'current'>,
): ServerInterceptor {
  return (_method, call) => {
    const connection = connections.current();
    const stream = followStream(call, connection);
    const halfOpen: HalfOpenCall = {
      beganMs: performance.now(),
      end(details) {
        table.forget(connection, halfOpen);
        intercepted.sendStatus({ code: status.DEADLINE_EXCEEDED, details });
        // The client has not ended its half, so that the stream would take 6 kB until the connection ends.
        stream?.close(constants.NGHTTP2_NO_ERROR);
      },
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        table.noteRequest(connection, halfOpen);
        next(message);
      })
      .withOnCancel(() => table.forget(connection, halfOpen))
      .build();
    const intercepted = new ServerInterceptingCall(call, { start: (next) => next(listener) });
    table.add(connection, halfOpen);
    return intercepted;
  };
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
