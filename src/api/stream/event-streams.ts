import { Readable } from 'node:stream';
import { ForescaleError } from '../../platform/errors.ts';
import type { ApiLimits } from '../limits.ts';
import type { Change, LiveChanges } from './live-changes.ts';

/** How long a client waits before it connects again, milliseconds. */
const retryMs = 3_000;

/**
 * Server-sent events (WHATWG HTML, "Server-sent events") to a bounded number of clients. One that reads too slowly is cut off, so that
 * the server keeps little for it; it connects again by itself and reads what there is then.
 */
export function createEventStreams(changes: Pick<LiveChanges, 'listen'>, limits: ApiLimits) {
  const streams = new Set<Readable>();
  let lastId = 0;
  /** The newest change as text: it is written once, however many read it. */
  let written: { readonly change: Change; readonly text: string } | undefined;

  function textOf(change: Change): string {
    if (written?.change !== change) {
      lastId += 1;
      written = {
        change,
        text: `id: ${lastId}\nevent: ${change.event}\ndata: ${JSON.stringify(change.data)}\n\n`,
      };
    }
    return written.text;
  }

  function send(stream: Readable, text: string): void {
    const share = limits.streamBytesTogether / streams.size;
    if (stream.readableLength > Math.min(limits.streamBytes, share)) stream.destroy();
    else if (!stream.destroyed) stream.push(text);
  }

  return {
    /** Opens a stream of the changes that are wanted, after `first`. Throws `limit-reached` where there are too many. */
    open(isWanted: (workload: Change['workload']) => boolean, first: readonly Change[] = []): Readable {
      if (streams.size >= limits.streams) {
        throw new ForescaleError(
          'limit-reached',
          `${streams.size} streams are open, as many as this server has; close one, or ask from time to time instead`,
        );
      }
      const stream = new Readable({ read() {} });
      streams.add(stream);
      stream.push(`retry: ${retryMs}\n\n`);
      for (const change of first) stream.push(textOf(change));
      const stop = changes.listen((change) => {
        if (isWanted(change.workload)) send(stream, textOf(change));
      });
      // Says to proxies, and to this server where a client has gone, that the connection is in use.
      const heartbeat = setInterval(() => send(stream, ': still here\n\n'), limits.streamHeartbeatMs).unref();
      stream.once('close', () => {
        clearInterval(heartbeat);
        stop();
        streams.delete(stream);
      });
      return stream;
    },
    /** Ends every stream, so that the server can stop. */
    close(): void {
      for (const stream of streams) stream.push(null);
    },
    count: () => streams.size,
  };
}
