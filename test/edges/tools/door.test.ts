import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ForwardedPort, forwardPort } from '../../../tools/cluster/door/forward-port.ts';
import { serveDoor } from '../../../tools/cluster/door/serve-door.ts';
import { freePort } from '../../../tools/programs/free-port.ts';

describe('a port that leads through the door of a cluster', () => {
  let folder: string;
  let door: Server;
  let behind: Server;
  const opened: ForwardedPort[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    door = serveDoor(join(folder, 'door.sock'));
    await once(door, 'listening');
    behind = createServer((socket) => socket.on('data', (data) => socket.write(`heard ${data}`)));
    behind.listen(0, '127.0.0.1');
    await once(behind, 'listening');
  });
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close();
    door.close();
    behind.close();
    rmSync(folder, { recursive: true });
  });

  async function open(target: number, port?: number): Promise<ForwardedPort> {
    const forwarded = await forwardPort(join(folder, 'door.sock'), `127.0.0.1:${target}`, port);
    opened.push(forwarded);
    return forwarded;
  }
  const portBehind = () => (behind.address() as AddressInfo).port;

  it('carries bytes both ways, for each connection apart', async () => {
    const { port } = await open(portBehind());
    for (const word of ['one', 'two']) {
      const client = connect(port, '127.0.0.1');
      client.write(word);
      expect(String((await once(client, 'data'))[0])).toBe(`heard ${word}`);
      client.destroy();
    }
  });

  it('closes a connection to where nobody listens', async () => {
    const { port } = await open(await freePort());
    const client = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(client, 'close');
    expect(client.bytesRead).toBe(0);
  });

  it('is the port that was asked for, and refused where it is taken', async () => {
    const wanted = await freePort();
    expect((await open(portBehind(), wanted)).port).toBe(wanted);
    await expect(open(portBehind(), wanted)).rejects.toThrow('EADDRINUSE');
  });

  it('ends its connections when it is closed', async () => {
    const forwarded = await open(portBehind());
    const client = connect(forwarded.port, '127.0.0.1').on('error', () => undefined);
    client.write('one');
    await once(client, 'data');
    const closed = once(client, 'close');
    await forwarded.close();
    await closed;
    await forwarded.close();
  });
});
