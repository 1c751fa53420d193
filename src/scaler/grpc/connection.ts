import type { Http2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import { createPacedSocket } from './paced-socket.ts';
import type { ReadTurns } from './read-turns.ts';

/** A call whose request has not come. */
export interface HalfOpenCall {
  /** When it began, milliseconds of a monotonic clock. */
  readonly beganMs: number;
  /** Ends the call with DEADLINE_EXCEEDED. */
  end(details: string): void;
}

/** What is known about a connection of a peer. */
export interface Connection {
  /** Address of the peer, without its port. */
  readonly address: string;
  /** When the newest request came, milliseconds of a monotonic clock; −Infinity before the first. */
  askedMs: number;
  readonly streams: Set<Http2Stream>;
  /** Calls whose request has not come, oldest first. */
  readonly halfOpen: Set<HalfOpenCall>;
  /** Cuts the connection at once, and ends its streams in turns of the event loop. */
  cut(): void;
}

/**
 * Streams that are ended in one turn of the event loop. Ending one takes 15 to 50 µs, and HTTP/2 would end all of a connection in one
 * turn; KEDA has a thousand and more open on one.
 */
const streamsPerTurn = 50;

/**
 * Calls whose request has not come, beyond which a connection may be a flood. A client whose requests come after all its calls is
 * read more slowly too, and has its answers all the same.
 */
const mostUnsuspected = 50;

/** Begins a connection: `take` is given the stream over which its peer is spoken to. */
export function beginConnection(
  socket: Socket,
  address: string,
  turns: ReadTurns,
  take: (stream: Duplex, connection: Connection) => void,
): Connection {
  const streams = new Set<Http2Stream>();
  const halfOpen = new Set<HalfOpenCall>();
  const paced = createPacedSocket(socket, {
    turns,
    group: address,
    isSuspect: () => halfOpen.size > mostUnsuspected,
    beforeEnd: () => endStreams(streams),
  });
  const connection: Connection = {
    address,
    askedMs: Number.NEGATIVE_INFINITY,
    streams,
    halfOpen,
    cut: paced.cut,
  };
  take(paced.stream, connection);
  return connection;
}

async function endStreams(streams: Set<Http2Stream>): Promise<void> {
  let ended = 0;
  for (const stream of streams) {
    stream.destroy();
    streams.delete(stream);
    if (++ended % streamsPerTurn === 0) await nextTurn('caller');
  }
}
