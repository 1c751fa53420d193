import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mostToldTriggers, peerProtocol } from '../../../../src/api/peers.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { createPeer } from '../../../../src/server/peers/peer.ts';
import { turnsDuring } from '../../../support/longest-turn.ts';

/** Nothing may hold the event loop for longer, milliseconds of CPU. */
const blockedMs = 25;
/** As many as one replica tells another of. */
const count = mostToldTriggers;
const keyOf = (index: number) => index.toString(16).padStart(16, '0');

const state = JSON.stringify({
  ...{ protocol: peerProtocol, replica: 'other', instance: 'other', version: '1.2.3' },
  ...{ mode: 'active', switched: null },
  asked: Array.from({ length: count }, (_, index) => [keyOf(index), index % 30, null, 1_000 + index / 10]),
});

/** What a peer tells of the triggers with these keys. */
function linesOf(keys: readonly string[]): string {
  const trigger = (key: string) => ({
    ...{ namespace: 'shop', name: `web-${key}`, key, askedAt: 1 },
    scalerMetadata: { query: `sum(rate(http_requests_total{app="${key}"}[2m]))`, threshold: '100' },
  });
  return `${keys.map((key) => JSON.stringify(trigger(key))).join('\n')}\n`;
}

let server: Server;
beforeAll(async () => {
  server = createServer(({ url = '' }, answer) => {
    const keys = new URL(url, 'http://peer').searchParams.get('keys');
    answer.end(keys === null ? state : linesOf(keys.split(',')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

it('holds the event loop for no longer than 25 ms while a peer tells of all the workloads that it may', async () => {
  const { port } = server.address() as AddressInfo;
  const followed = new Set<string>();
  const peer = createPeer(
    { url: `http://127.0.0.1:${port}`, address: '127.0.0.1', family: 4 },
    {
      workloads: {
        follow({ name }) {
          followed.add(name);
          return { note: () => true };
        },
      },
      access: { token: undefined },
      instance: 'own',
      mode: { take: () => undefined } as never,
      calendarEvents: { take: () => undefined },
      ...{ clock: () => 1, monotonic: () => 1, log: silentLogger },
    },
  );
  // First everything is new, then everything is known.
  for (let asked = 0; asked < 2; asked++) {
    const turns = await turnsDuring(() => peer.ask());
    expect(peer.answers()).toBe(true);
    expect(followed.size).toBe(count);
    expect(turns.longestMs).toBeLessThan(blockedMs);
    // On a fast machine all of it in one turn would take less than that.
    expect(turns.longestMs).toBeLessThan(turns.totalMs / 2);
  }
});
