import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { createDemandModel, type DemandModel } from '../../../../src/forecast/demand-model.ts';
import { identityOf, packSnapshot } from '../../../../src/forecast/snapshots/packed-snapshot.ts';
import type { Snapshot } from '../../../../src/forecast/snapshots/snapshot.ts';
import { createSnapshotPlace } from '../../../../src/forecast/snapshots/snapshot-place.ts';
import type { HistorySource } from '../../../../src/history/source.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import type { Peer } from '../../../../src/server/peers/peer.ts';
import { createSharedSnapshots, createSnapshotAsker } from '../../../../src/server/peers/peer-snapshots.ts';
import { createToldSnapshots } from '../../../../src/server/peers/told-snapshots.ts';
import { startTestServer } from '../../../real/integration/running.ts';
import { createKedaCaller } from '../../../real/integration/scaler-client.ts';
import { turnsDuring } from '../../../support/longest-turn.ts';
import { demandAt, nowSeconds, stepSeconds } from '../../api/fixture.ts';
import { type Answer, answersOf, type FakeApi, startFakeApi } from '../../history/prometheus/fake-api.ts';

const { signal } = new AbortController();
const day = 86_400;
const identity = identityOf('this');
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A model of the shop's demand; `reads` gets the times of the rows of each read. */
function modelOf(peers: readonly Peer[], reads: Float64Array[] = [], demand = demandAt): DemandModel {
  const source: HistorySource = {
    async range({ startSeconds, endSeconds }) {
      const length = Math.floor((endSeconds - startSeconds) / stepSeconds) + 1;
      const timestamps = Float64Array.from({ length }, (_, index) => startSeconds + index * stepSeconds);
      reads.push(timestamps);
      return { stepSeconds, timestamps, values: timestamps.map(demand), warnings: [] };
    },
    instant: async () => ({ kind: 'missing', reason: 'none', isEmpty: true }),
    rateWindowSeconds: () => 60,
  };
  const ask = createSnapshotAsker({ token: async () => 'secret' }, silentLogger);
  const shared = createSharedSnapshots();
  shared.shareWith((name, aborted) => ask(peers, name, aborted));
  const words = { query: 'demand', source: 'fake', log: silentLogger };
  return createDemandModel(
    {
      ...{ query: 'demand', replicasQuery: undefined, emptyIsZero: false, stepSeconds, model: {} },
      historySeconds: 10 * day,
    },
    { name: 'fake', source },
    {
      ...{ freshSeconds: 15, clock: () => 0, log: silentLogger, onRefresh() {} },
      snapshots: createSnapshotPlace({ peers: shared }, { identity, ...words }),
    },
  );
}

const told = (model: Pick<DemandModel, 'forecast' | 'peak' | 'accuracy'>) => ({
  forecast: model.forecast({ horizonSteps: 288 }),
  peak: model.peak({ windowSeconds: 1800 }),
  accuracy: model.accuracy(),
});

async function peerOf(answer: Answer): Promise<{ readonly peer: Peer; readonly api: FakeApi }> {
  const api = await startFakeApi(answer);
  open.push(api);
  const address = { url: api.url, address: '127.0.0.1', family: 4 };
  return { peer: { address } as Peer, api };
}
const telling =
  (bytes: Uint8Array): Answer =>
  (_, response) =>
    void response.end(Buffer.from(bytes));

let snapshot: Snapshot;
let bytes: Uint8Array;
beforeAll(async () => {
  const running = modelOf([]);
  await running.refreshHistory(nowSeconds - 3600, signal);
  const learned = await running.snapshot();
  if (learned === undefined) throw new Error('it has not caught up');
  snapshot = learned;
  bytes = await packSnapshot(snapshot, identity);
});

const packed = (changed: Partial<Record<keyof Snapshot, unknown>>, of = identity): Answer => {
  const packing = packSnapshot({ ...snapshot, ...changed } as Snapshot, of);
  return (_, response) => void packing.then((sent) => response.end(Buffer.from(sent)));
};

/** What keeps a replica from telling what it may know. */
const silent: Readonly<Record<string, () => Answer>> = {
  'never answers': () => () => undefined,
  'answers a byte in many': () => (_, response) => void response.write('x'),
  'cuts the connection': () => (_, response) => void response.destroy(),
  fails: () => (_, response) => void response.writeHead(500).end('{}'),
  'refuses the token': () => (_, response) => void response.writeHead(401).end('{}'),
  'answers without end': () => (_, response) => void response.end('x'.repeat(3 * 1024 * 1024)),
};

/** What a replica tells that is nothing to go on from. */
const bad: Readonly<Record<string, () => Answer>> = {
  'has no model of that name': () => (_, response) => void response.writeHead(404).end('{}'),
  'is no replica': () => (_, response) => void response.end('<html>'),
  'is of another version': () => packed({}, { ...identity, digest: identityOf('other').digest }),
  'tells damaged bytes': () => telling(bytes.with(200, (bytes[200] ?? 0) ^ 1)),
  'tells what is no snapshot': () => packed({ lastRows: undefined, followers: 'x' }),
  'tells of a state that is none': () => packed({ forecaster: new Uint8Array(1000).fill(255) }),
  'tells of too many rows': () =>
    packed({ lastRows: { timestamps: new Array(1e6).fill(0), values: [], isCensored: [] } }),
  'tells of the future': () => packed({ readUntilSeconds: nowSeconds + day }),
  'tells of long ago': () => packed({ readUntilSeconds: nowSeconds - 9 * day }),
  'has learned other rows': () =>
    packed({
      lastRows: { ...snapshot.lastRows, values: snapshot.lastRows.values.map((value) => value + 1) },
    }),
};

describe('a model that another replica has learned', () => {
  it('is gone on from, and says to the bit what that one says', async () => {
    const { peer, api } = await peerOf(telling(bytes));
    const reads: Float64Array[] = [];
    const [taken, running] = [modelOf([peer], reads), modelOf([])];
    for (const model of [taken, running]) await model.refreshHistory(nowSeconds, signal);
    expect(told(taken)).toEqual(told(running));
    expect(reads).toHaveLength(1);
    expect(reads[0]?.length).toBeLessThan(60);
    expect(api.requests.map(({ url }) => url)).toEqual([`/api/v1/peers/snapshots/${identity.name}`]);
    expect(api.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  it.each(Object.entries(bad))('is learned from the history where the other one %s', async (_, answer) => {
    const { peer, api } = await peerOf(answer());
    const [cold, alone] = [modelOf([peer]), modelOf([])];
    for (const model of [cold, alone]) await model.refreshHistory(nowSeconds, signal);
    expect(api.requests).toHaveLength(1);
    expect(told(cold)).toEqual(told(alone));
  });

  it.each(Object.entries(silent))(
    'is judged whole, as that of a replica that runs is, where the other one %s',
    async (_, answer) => {
      const { peer, api } = await peerOf(answer());
      const reads: Float64Array[] = [];
      const cold = modelOf([peer], reads);
      await cold.refreshHistory(nowSeconds, signal);
      expect(api.requests).toHaveLength(1);
      const observed = createForecaster({ stepSeconds });
      for (const time of reads.flatMap((read) => [...read])) observed.observe(time, demandAt(time));
      expect(told(cold)).toEqual(told(observed));
    },
  );

  it('is taken from the next replica where one has none that can be used', async () => {
    const first = await peerOf(telling(bytes.subarray(0, 100)));
    const second = await peerOf(telling(bytes));
    const reads: Float64Array[] = [];
    await modelOf([first.peer, second.peer, first.peer], reads).refreshHistory(nowSeconds, signal);
    expect(reads[0]?.length).toBeLessThan(60);
  });

  it('is not asked for where a replica has just failed, so that thousands wait for it once', async () => {
    const failing = await peerOf((_, response) => void response.destroy());
    const ask = createSnapshotAsker({ token: undefined }, silentLogger);
    for (let model = 0; model < 5; model++)
      for await (const told of ask([failing.peer], identity.name, signal)) expect(told).toBe('not told');
    expect(failing.api.requests).toHaveLength(1);
  });

  it('is told to some at once, while others wait, and no more than that', async () => {
    const gate = Promise.withResolvers<undefined>();
    let [making, most] = [0, 0];
    const models = {
      async snapshot() {
        most = Math.max(most, ++making);
        await gate.promise;
        making--;
        return undefined;
      },
    };
    const tell = createToldSnapshots(models, true);
    const asked = Array.from({ length: 100 }, () => tell(identity.name));
    const settled = Promise.allSettled(asked);
    gate.resolve(undefined);
    const refused = (await settled).filter(({ status }) => status === 'rejected');
    expect(most).toBe(2);
    expect(refused).toHaveLength(34);
    expect(await tell(identity.name)).toBeUndefined();
  });
});

describe('fifteen models that another replica has learned', () => {
  const names = Array.from({ length: 15 }, (_, index) => `web-${index}`);

  it('are taken over while the event loop is held for no longer than 25 ms at once', async () => {
    const api = await startFakeApi(answersOf((t) => 60 + 40 * Math.sin(t / 13_000)));
    const metadataOf = (name: string) => ({
      query: `demand{app="${name}"}`,
      threshold: '10',
      historyTimeWindow: '3d',
    });
    open.push(api);
    const peer = await startTestServer(api.url);
    open.push(peer);
    const keda = createKedaCaller(peer.grpcPort);
    open.push(keda);
    // A server that is busy refuses some of so many new ones, and they are asked for again.
    const askAll = () => Promise.allSettled(names.map((name) => keda.value(name, metadataOf(name))));
    const states = async ({ httpUrl }: { httpUrl: string }) => {
      const list = await (await fetch(`${httpUrl}/api/v1/workloads?limit=100`)).json();
      return (list as { workloads: { state: string }[] }).workloads.filter(({ state }) => state === 'trusted')
        .length;
    };
    const warm = async () => {
      await askAll();
      return states(peer);
    };
    await expect.poll(warm, { timeout: 55_000, interval: 500 }).toBe(names.length);
    const before = api.requests.length;
    // What a server does before it listens holds nobody's call up.
    const fresh = await startTestServer(api.url, '', { peers: peer.httpUrl });
    open.push(fresh);
    const turns = await turnsDuring(async () => {
      await fresh.ready;
      await expect.poll(() => states(fresh), { timeout: 55_000 }).toBe(names.length);
    });
    const longest = api.requests
      .slice(before)
      .map(({ form }) => Number(form.get('end')) - Number(form.get('start')));
    expect(Math.max(...longest)).toBeLessThan(2 * 3600);
    expect(turns.longestMs).toBeLessThan(25);
    // On a fast machine all of them in one turn would take less than that.
    expect(turns.longestMs).toBeLessThan(turns.totalMs / 5);
  }, 120_000);
});
