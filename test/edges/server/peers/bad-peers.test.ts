import { afterEach, describe, expect, it } from 'vitest';
import type { PeerState } from '../../../../src/api/peers.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { Logger } from '../../../../src/platform/log.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import type { TriggerRef } from '../../../../src/scaler/index.ts';
import { followPeers, type Peers } from '../../../../src/server/peers/follow-peers.ts';
import { createSharedMode } from '../../../../src/server/peers/shared-mode.ts';
import { type Answer, type FakeApi, json, startFakeApi } from '../../history/prometheus/fake-api.ts';

const key = '0123456789abcdef';
const goodState: PeerState = {
  protocol: 1,
  replica: 'good',
  instance: 'another',
  version: '1.0.0',
  mode: 'active',
  switched: null,
  asked: [[key, 1, null, 60]],
};
const lineOf = (name: string) =>
  `${JSON.stringify({ namespace: 'shop', name, scalerMetadata: {}, askedAt: 0, key })}\n`;
const question = { kind: 'triggers', namespace: 'shop', name: 'web' } as const;

const peer =
  (state: unknown, lines = lineOf('web'), record: unknown = ['a1']): Answer =>
  ({ url }, response) => {
    if (url.startsWith('/api/v1/peers/state')) return json(response, state);
    if (url.startsWith('/api/v1/peers/record')) return json(response, record);
    response.end(lines);
  };

const bad: Readonly<Record<string, Answer>> = {
  'never answers': () => undefined,
  'answers a line in many': (_, response) => void response.write('{"protocol":'),
  'cuts the connection': (_, response) => void response.destroy(),
  fails: (_, response) => void response.writeHead(500).end('{}'),
  'refuses the token': (_, response) => void response.writeHead(401).end('{}'),
  'is no replica': (_, response) => void response.end('<html>'),
  'answers without end': (_, response) => void response.end('x'.repeat(3 * 1024 * 1024)),
  'is of another version': peer({ ...goodState, protocol: 2 }),
  'tells ages below zero': peer({ ...goodState, asked: [[key, -1, null, null]] }),
  'tells keys that are none': peer({ ...goodState, asked: [['../../x', 1, null, null]] }),
  'was switched at the end of time': peer({ ...goodState, switched: { mode: 'reactive', at: 1e300 } }),
  'tells a mode that is none': peer({ ...goodState, switched: { mode: 'off', at: 1 } }),
  'tells a switch of a time that no clock shows': peer({
    ...goodState,
    switched: { mode: 'reactive', at: 1e300 },
  }),
  'tells of what KEDA does not ask for': peer(
    { ...goodState, asked: [[key, null, null, null]] },
    lineOf('idle'),
  ),
  'tells of what KEDA asks for no more': peer(
    { ...goodState, asked: [[key, 1e6, null, 60]] },
    lineOf('idle'),
  ),
  'tells a line without end': peer(
    goodState,
    `${lineOf('long').replace('{}', `{"query":"${'x'.repeat(200_000)}"}`)}`,
  ),
  'tells lines that are none': peer(goodState, 'nonsense\n', { rows: [] }),
  'tells of what was not asked': peer(goodState, lineOf('web').replace(key, 'f'.repeat(16)), [1]),
};

describe('a peer that', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  const serve = async (answer: Answer): Promise<FakeApi> => {
    const api = await startFakeApi(answer);
    open.push(api);
    return api;
  };

  function follow(urls: readonly string[], log: Logger = silentLogger) {
    const followed: TriggerRef[] = [];
    const mode = createSharedMode('active', { clock: systemClock, log });
    const workloads = {
      follow(ref: TriggerRef) {
        followed.push(ref);
        return { note: () => true };
      },
    };
    const peers: Peers = followPeers({
      ...{ urls, mode, workloads, log, instance: 'own', everyMs: 20 },
      access: { token: async () => 'secret' },
      calendarEvents: { take: () => undefined },
      clock: systemClock,
      monotonic: () => performance.now() / 1000,
    });
    open.push(peers);
    return { peers, followed, mode };
  }

  it.each(Object.entries(bad))(
    '%s is left out, and the others are followed all the same',
    async (_, answer) => {
      const [broken, good] = [await serve(answer), await serve(peer(goodState))];
      const { peers, followed, mode } = follow([broken.url, good.url]);
      await expect.poll(() => followed.length).toBeGreaterThan(0);
      // Asked again, so that its first answer was judged.
      await expect.poll(() => broken.requests.length).toBeGreaterThan(1);
      expect(new Set(followed.map(({ name }) => name))).toEqual(new Set(['web']));
      expect(await peers.askRecords(question)).toEqual([['a1']]);
      expect(mode.mode()).toBe('active');
      expect(peers.standings().some(({ replica, answers }) => replica === 'good' && answers)).toBe(true);
    },
  );

  it('does not answer is said once, and once more when it is back', async () => {
    let isBack = false;
    const api = await serve((request, response, count) => {
      if (isBack) peer(goodState)(request, response, count);
      else response.destroy();
    });
    const said: string[] = [];
    const note = (_: object, event: string) => void said.push(event);
    const { followed } = follow([api.url], { debug: note, info: note, warn: note, error: note });
    await expect.poll(() => api.requests.length).toBeGreaterThan(4);
    isBack = true;
    await expect.poll(() => followed.length).toBeGreaterThan(0);
    expect(said).toEqual(['peer-not-asked', 'peer-answers']);
  });

  it('knows a trigger that cannot be opened is asked for it once a minute, not every few seconds', async () => {
    const api = await serve(peer(goodState, ''));
    follow([api.url]);
    await expect.poll(() => api.requests.length).toBeGreaterThan(6);
    expect(api.requests.filter(({ url }) => url.includes('keys=')).length).toBe(1);
  });

  it('is this replica itself is not followed and not among the others', async () => {
    const api = await serve(peer({ ...goodState, instance: 'own' }));
    const { peers, followed } = follow([api.url]);
    await expect.poll(() => api.requests.length).toBeGreaterThan(2);
    expect(followed).toEqual([]);
    expect(peers.standings()).toEqual([]);
    expect(await peers.askRecords(question)).toEqual([]);
  });

  it('was told of a switch that this replica does not know yet has its way at once', async () => {
    const api = await serve(peer({ ...goodState, switched: { mode: 'reactive', at: systemClock() } }));
    const { mode } = follow([api.url]);
    await expect.poll(() => mode.mode()).toBe('reactive');
  });
});
