import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPacedSocket } from '../../../../src/scaler/grpc/paced-socket.ts';
import { createReadTurns } from '../../../../src/scaler/grpc/read-turns.ts';

const bytesPerTurn = 1_000;
const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

/** A client's socket, and the paced one of its server. */
async function createPair(beforeEnd: () => Promise<void> = async () => undefined) {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer(accepted.resolve);
  opened.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  opened.push(() => client.destroy());
  client.on('error', () => undefined);
  const socket = await accepted.promise;
  // On this clock a piece of 100 bytes takes 100 ms to read, because each one is followed by a look at it.
  let looks = 0;
  const nowMs = () => 100 * looks++;
  const size = { turnMs: bytesPerTurn, pieceBytes: 100, suspectBytes: 0, nowMs };
  const turns = createReadTurns(size);
  const paced = createPacedSocket(socket, { turns, beforeEnd, group: 'one', isSuspect: () => false });
  return { client, socket, paced };
}

describe('a paced socket', () => {
  it('gives what came at once in turns of the event loop, whole and in order', async () => {
    const { client, paced } = await createPair();
    const sent = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251));
    const chunks: Buffer[] = [];
    const bytesByTurn = new Map<number, number>();
    let turn = 0;
    let isOver = false;
    const count = () => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    count();
    paced.stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytesByTurn.set(turn, (bytesByTurn.get(turn) ?? 0) + chunk.length);
    });
    client.write(sent);
    await expect.poll(() => chunks.reduce((bytes, chunk) => bytes + chunk.length, 0)).toBe(sent.length);
    isOver = true;
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
    expect(bytesByTurn.size).toBeGreaterThanOrEqual(sent.length / bytesPerTurn / 2);
    // The counter turns between the two halves of one turn's bytes, or after both.
    expect(Math.max(...bytesByTurn.values())).toBeLessThanOrEqual(1.5 * bytesPerTurn);
  });

  it('keeps no more than its buffers while nobody reads, and goes on when somebody does', async () => {
    const { client, socket, paced } = await createPair();
    const bytes = 2 * 1024 * 1024;
    paced.stream.pause();
    client.write(Buffer.alloc(bytes));
    const held = () => socket.bytesRead;
    await expect.poll(held).toBeGreaterThan(0);
    let before = -1;
    const hasStopped = () => {
      const last = before;
      before = held();
      return before === last;
    };
    await expect.poll(hasStopped).toBe(true);
    expect(paced.stream.readableLength).toBeLessThanOrEqual(2 * paced.stream.readableHighWaterMark);
    expect(held()).toBeLessThan(bytes / 8);
    let read = 0;
    paced.stream.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    paced.stream.resume();
    await expect.poll(() => read).toBe(bytes);
  });

  it('does what is to be done before it ends, when the peer has gone', async () => {
    const done = Promise.withResolvers<void>();
    const { client, paced } = await createPair(() => done.promise);
    paced.stream.resume();
    client.destroy();
    let isClosed = false;
    paced.stream.on('close', () => {
      isClosed = true;
    });
    // What is written meanwhile goes nowhere, and is no error.
    await new Promise((resolve) => paced.stream.write('late', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    done.resolve();
    await expect.poll(() => isClosed).toBe(true);
  });

  it('ends when the peer has ended after its last data, though they are read in many turns', async () => {
    const { client, paced } = await createPair();
    let read = 0;
    paced.stream.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    client.end(Buffer.alloc(20_000));
    await once(paced.stream, 'close');
    expect(read).toBe(20_000);
  });

  it('is cut at once, whatever is still to be done', async () => {
    const { client, paced } = await createPair(() => new Promise(() => undefined));
    const closed = once(client, 'close');
    client.resume();
    paced.cut();
    await closed;
    expect(paced.stream.destroyed).toBe(false);
  });

  it('closes its socket when it is destroyed', async () => {
    const { client, socket, paced } = await createPair();
    const closed = once(client, 'close');
    client.resume();
    paced.stream.destroy();
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});
