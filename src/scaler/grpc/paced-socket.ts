import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { noteCaller } from '../../platform/turns/time-slices.ts';
import type { Reader, ReadTurns } from './read-turns.ts';

interface PacedOptions extends Pick<Reader, 'group' | 'isSuspect'> {
  readonly turns: ReadTurns;
  /** What is to be done before the stream ends, when the peer is gone or was cut. */
  readonly beforeEnd: () => Promise<void>;
}

export interface PacedSocket {
  /** The socket for who speaks over it; its data come in turns. */
  readonly stream: Duplex;
  /** Cuts the connection, and ends `stream` once `beforeEnd` has settled. */
  cut(): void;
}

/**
 * A socket whose data come in turns, whatever amount of them the peer sends at once. Between the peer's end and the stream's end, what
 * is written goes nowhere.
 */
export function createPacedSocket(
  socket: Socket,
  { turns, beforeEnd, group, isSuspect }: PacedOptions,
): PacedSocket {
  let isGone = false;
  let isWanted = true;
  /** What has come and is not read yet; the socket is paused meanwhile. */
  let held: Buffer | undefined;
  /** Whether nothing more comes. */
  let isOver = false;
  const reader: Reader = {
    group,
    isSuspect,
    read(mostBytes) {
      if (!isWanted || held === undefined) return 0;
      const piece = held.length > mostBytes ? held.subarray(0, mostBytes) : held;
      held = held.length > mostBytes ? held.subarray(mostBytes) : undefined;
      noteCaller();
      isWanted = stream.push(piece);
      if (held === undefined && isOver) void leave();
      else if (held === undefined && socket.isPaused()) socket.resume();
      return piece.length;
    },
    hasMore: () => isWanted && held !== undefined,
  };
  const leave = async () => {
    if (isGone) return;
    isGone = true;
    turns.leave(reader);
    socket.destroy();
    await beforeEnd();
    stream.destroy();
  };
  const stream = new Duplex({
    read() {
      if (isWanted) return;
      isWanted = true;
      turns.ask(reader);
    },
    write: (chunk: Buffer, _encoding, done) => write(chunk, done),
    writev: (chunks, done) => write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final(done) {
      if (isGone) done();
      else socket.end(done);
    },
    destroy(error, done) {
      isGone = true;
      turns.leave(reader);
      socket.destroy();
      done(error);
    },
  });
  /** A write that fails is one of a socket that closes, which is noticed by its event. */
  const write = (bytes: Buffer, done: () => void) => {
    if (isGone) done();
    else socket.write(bytes, () => done());
  };
  socket.on('data', (chunk: Buffer) => {
    held = held === undefined ? chunk : Buffer.concat([held, chunk]);
    turns.ask(reader);
    if (held !== undefined) socket.pause();
  });
  /** The end of a socket may be known while its last data wait for their turn. */
  const end = () => {
    isOver = true;
    if (!reader.hasMore()) void leave();
  };
  for (const event of ['end', 'close']) socket.once(event, end);
  socket.once('error', leave);
  return { stream, cut: leave };
}
