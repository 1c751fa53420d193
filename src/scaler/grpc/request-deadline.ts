import { constants, type Http2Stream } from 'node:http2';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  status,
} from '@grpc/grpc-js';

/**
 * Calls at once, over all connections, whose request has not come. Each costs some kilobytes. An honest request is there within
 * milliseconds of its call, often in the same packet, so that the oldest of more than this many are none.
 */
const mostWaiting = 1_000;

/**
 * Ends a call whose request has not come within `deadlineMs`, or that is the oldest of too many: a stream that was opened and never
 * finished costs memory for as long as its connection lives. Streams whose request is there (StreamIsActive) stay open.
 */
export function requestDeadline(deadlineMs: number): ServerInterceptor {
  /** How to end each call whose request has not come, oldest first. */
  const waiting = new Set<(details: string) => void>();
  return (_method, call) => {
    const end = (details: string) => {
      forget();
      intercepted.sendStatus({ code: status.DEADLINE_EXCEEDED, details });
      closeStream(call);
    };
    const forget = () => {
      clearTimeout(deadline);
      waiting.delete(end);
    };
    const deadline = setTimeout(() => end(`no request came within ${deadlineMs / 1000} s`), deadlineMs);
    deadline.unref();
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        forget();
        next(message);
      })
      .withOnCancel(forget)
      .build();
    const intercepted = new ServerInterceptingCall(call, { start: (next) => next(listener) });
    const [oldest] = waiting;
    waiting.add(end);
    if (waiting.size > mostWaiting)
      oldest?.(`no request came, and ${mostWaiting} newer calls wait for theirs`);
    return intercepted;
  };
}

/**
 * Closes what is left of a call after its status: the client has not ended its half, so that the stream would take 6 kB until the
 * connection ends. grpc-js has no door to the stream and keeps it in a private field of the innermost call.
 */
function closeStream(call: ServerInterceptingCallInterface): void {
  const { stream } = call as { readonly stream?: Http2Stream };
  stream?.close(constants.NGHTTP2_NO_ERROR);
}
