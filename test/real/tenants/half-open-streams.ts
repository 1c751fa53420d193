import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connection preface and an empty SETTINGS frame (RFC 9113, 3.4). */
const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0)]);
/** Headers of a call of GetMetrics, in HPACK without a dynamic table (RFC 7541, appendix A has the indexes). */
const headers = Buffer.concat([
  Buffer.from([0x83, 0x86]),
  literal(4, '/externalscaler.ExternalScaler/GetMetrics'),
  literal(1, '127.0.0.1'),
  Buffer.from([0x0f, 0x10]),
  text('application/grpc'),
  Buffer.from([0x00]),
  text('te'),
  text('trailers'),
]);
const endHeaders = 0x4;
/** Streams that are opened before the others on the machine have a turn. */
const burst = 250;

/**
 * Opens streams that never send their request, `perConnection` on each connection, ignoring the limit that the server announces.
 * Answers with how many it could open once the server has ended a connection or has read all, and keeps the rest open until `signal`.
 */
export async function openHalfOpenStreams(
  port: number,
  { streams, perConnection, signal }: { streams: number; perConnection: number; signal: AbortSignal },
): Promise<number> {
  let opened = 0;
  while (opened < streams && !signal.aborted) {
    const count = Math.min(perConnection, streams - opened);
    await openOn(connect(port, '127.0.0.1'), count, signal);
    opened += count;
  }
  return opened;
}

async function openOn(socket: Socket, count: number, signal: AbortSignal): Promise<void> {
  // The server may cut the connection at any time, which is what it should do.
  socket.on('error', () => undefined).resume();
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  await once(socket, 'connect');
  socket.write(preface);
  for (let begun = 0; begun < count && !socket.destroyed && !signal.aborted; begun += burst) {
    const frames = Array.from({ length: Math.min(burst, count - begun) }, (_, index) =>
      frame(1, endHeaders, 2 * (begun + index) + 1, headers),
    );
    const isRead = socket.write(Buffer.concat(frames));
    if (!isRead) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
    await sleep(1);
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A header field that is not indexed, whose name is in the static table. */
function literal(index: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([index]), text(value)]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}
