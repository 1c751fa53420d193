import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ForwardedPort, forwardPort } from '../../../tools/cluster/door/forward-port.ts';
import { serveDoor } from '../../../tools/cluster/door/serve-door.ts';
import { freePort } from '../../../tools/programs/free-port.ts';

const opened200 = 'HTTP/1.1 200 OK\r\n\r\n';

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

  it('is opened to this machine alone', async () => {
    const { port } = await open(portBehind());
    // Another address of the same machine, which only a listener on all addresses answers.
    const [failed] = await once(connect(port, '127.0.0.2'), 'error');
    expect(String(failed)).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|ETIMEDOUT/);
  });

  it('loses nothing that comes together with the answer of the door', async () => {
    const path = join(folder, 'quick.sock');
    const quick = createServer((socket) => socket.once('data', () => socket.write(`${opened200}first`)));
    await once(quick.listen(path), 'listening');
    const forwarded = await forwardPort(path, '10.0.0.1:80');
    opened.push(forwarded);
    const client = connect(forwarded.port, '127.0.0.1');
    expect(String((await once(client, 'data'))[0])).toBe('first');
    client.destroy();
    quick.close();
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

describe('the door itself', () => {
  let folder: string;
  let door: Server;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    door = serveDoor(join(folder, 'door.sock'));
    await once(door, 'listening');
  });
  afterEach(() => {
    door.close();
    rmSync(folder, { recursive: true });
  });
  /** Asks for an address, and sends at once what follows. */
  const ask = (target: string, then = '') => {
    const client = connect(join(folder, 'door.sock'));
    client.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n${then}`);
    return client;
  };

  it('passes on what comes together with the question', async () => {
    const behind = createServer((socket) => socket.on('data', (data) => socket.write(`heard ${data}`)));
    await once(behind.listen(0, '127.0.0.1'), 'listening');
    const client = ask(`127.0.0.1:${(behind.address() as AddressInfo).port}`, 'one');
    let said = '';
    client.on('data', (data) => {
      said += data;
    });
    await expect.poll(() => said).toBe(`${opened200}heard one`);
    client.destroy();
    behind.close();
  });

  it('says why it reaches nobody, and hangs up', async () => {
    const client = ask(`127.0.0.1:${await freePort()}`);
    let said = '';
    client.on('data', (data) => {
      said += data;
    });
    await once(client, 'close');
    expect(said).toMatch(/^HTTP\/1\.1 502 .*ECONNREFUSED/);
  });

  it('lives on when a client is gone in the middle of an answer', async () => {
    const ended = Promise.withResolvers<void>();
    const behind = createServer((socket) => {
      socket.on('error', () => undefined).once('close', () => ended.resolve());
      const pour = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', pour);
      pour();
    });
    await once(behind.listen(0, '127.0.0.1'), 'listening');
    const client = ask(`127.0.0.1:${(behind.address() as AddressInfo).port}`);
    await once(client, 'data');
    client.destroy();
    await ended.promise;
    expect(door.listening).toBe(true);
    behind.close();
  });
});
