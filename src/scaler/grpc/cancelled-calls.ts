import type { ServerOptions } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** Time in which a client may cancel as many calls as it may have at once, seconds. */
const againSeconds = 10;

/** Where grpc-js keeps the options of its HTTP/2 servers. It has no public door to it. */
interface Http2Options {
  readonly commonServerOptions?: ServerOptions;
}

/**
 * Lets a client cancel all calls that it may have at once. By default HTTP/2 ends a connection over which more than a thousand streams are
 * reset at once, or 33 a second in the long run, against clients that begin streams and reset them without end (CVE-2023-44487). A client
 * with thousands of calls resets as many where their time is over, and lost every other call with them. A connection is still ended for
 * more than that, and what it begins is read in turns whatever it does later (read-turns.ts). Call it before the server has its
 * first connection.
 */
export function allowCancelling(server: Server, callsAtOnce: number): void {
  const { commonServerOptions } = server as unknown as Http2Options;
  if (typeof commonServerOptions !== 'object')
    throw new Error('this version of grpc-js keeps the options of HTTP/2 elsewhere');
  Object.assign(commonServerOptions, {
    streamResetBurst: callsAtOnce,
    streamResetRate: Math.ceil(callsAtOnce / againSeconds),
  } satisfies ServerOptions);
}
