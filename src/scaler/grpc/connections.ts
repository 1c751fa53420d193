import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createOneByOne } from '../../platform/turns/one-by-one.ts';
import { beginConnection, type Connection } from './connection.ts';
import { createReadTurns } from './read-turns.ts';

/** Connections that are open at once. KEDA keeps one or two for each of its pods, and a person's tool has one. */
export const usualMostConnections = 250;

export interface Connections {
  /** Takes a connection that was accepted, in place of the least needed one where there are too many. */
  accept(socket: Socket): void;
  /** Speaks gRPC over a socket that was accepted, or over the TLS of one. */
  begin(accepted: Socket, spokenOver: Socket): Promise<void>;
  /** Connections over which gRPC is spoken. */
  begun(): Iterable<Connection>;
  /** The connection of the call that is being handled. */
  current(): Connection;
  /** Ends connections over which gRPC is not spoken yet. */
  close(): void;
  /** Resolves when no connection is left; those that are left after `graceMs` are cut. */
  drain(graceMs: number): Promise<void>;
}

/** A socket that is open; it has a connection once gRPC is spoken over it. */
interface Accepted {
  readonly address: string;
  readonly socket: Socket;
  connection?: Connection;
}

/** Keeps at most `most` connections and begins them one by one; `take` speaks gRPC over a stream. */
export function createConnections(most: number, take: (stream: Duplex) => void): Connections {
  const turns = createReadTurns();
  const oneByOne = createOneByOne();
  const accepted = new Map<Socket, Accepted>();
  let onNoneLeft: () => void = () => undefined;
  // All that is done for a session, and for each of its calls, is done in the context in which the session was made.
  const context = new AsyncLocalStorage<Connection>();
  return {
    accept(socket) {
      if (accepted.size >= most) {
        const least = leastNeeded([...accepted.values()]);
        if (least !== undefined) end(least);
      }
      accepted.set(socket, { address: socket.remoteAddress ?? '', socket });
      socket.on('error', () => undefined);
      socket.once('close', () => {
        accepted.delete(socket);
        if (accepted.size === 0) onNoneLeft();
      });
    },
    async begin(socket, spokenOver) {
      const one = accepted.get(socket);
      if (one === undefined) return;
      const begin = () => {
        if (socket.destroyed) return;
        one.connection = beginConnection(spokenOver, one.address, turns, (stream, connection) =>
          context.run(connection, () => take(stream)),
        );
      };
      await oneByOne(begin, one.address);
    },
    *begun() {
      for (const { connection } of accepted.values()) if (connection !== undefined) yield connection;
    },
    current() {
      const connection = context.getStore();
      if (connection === undefined) throw new Error('no call is being handled');
      return connection;
    },
    close() {
      for (const one of accepted.values()) if (one.connection === undefined) one.socket.destroy();
    },
    async drain(graceMs) {
      if (accepted.size === 0) return;
      const noneLeft = Promise.withResolvers<void>();
      onNoneLeft = noneLeft.resolve;
      const cutting = setTimeout(() => {
        for (const one of accepted.values()) end(one);
      }, graceMs);
      await noneLeft.promise;
      clearTimeout(cutting);
    },
  };

  function end({ socket, connection }: Accepted): void {
    accepted.delete(socket);
    if (connection === undefined) socket.destroy();
    else connection.cut();
  }
}

/**
 * The connection to end where there are too many: one of the address that has the most, of those first one over which nothing is
 * asked now, then the one over which nothing was asked for the longest time.
 */
export function leastNeeded<T extends Pick<Accepted, 'address' | 'connection'>>(
  accepted: readonly T[],
): T | undefined {
  const counts = new Map<string, number>();
  for (const { address } of accepted) counts.set(address, (counts.get(address) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [least] = accepted
    .filter(({ address }) => counts.get(address) === most)
    .sort((a, b) => Number(isAsking(a)) - Number(isAsking(b)) || askedMs(a) - askedMs(b) || 0);
  return least;
}

function isAsking({ connection }: Pick<Accepted, 'connection'>): boolean {
  return connection !== undefined && connection.streams.size > connection.halfOpen.size;
}

function askedMs({ connection }: Pick<Accepted, 'connection'>): number {
  return connection?.askedMs ?? Number.NEGATIVE_INFINITY;
}
