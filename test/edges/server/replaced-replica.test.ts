import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseServerFile } from '../../../src/server/config.ts';
import type { RunningServer } from '../../../src/server/start.ts';
import { startTestServer } from '../../real/integration/running.ts';
import { createKedaCaller } from '../../real/integration/scaler-client.ts';
import { answersOf, type FakeApi, json, startFakeApi } from '../history/prometheus/fake-api.ts';

const day = 86_400;
const steepest = Math.floor(Date.now() / 1000) + 600;
/** Demand that goes up and down by day and now rises steepest, so that a forecast differs from what is observed. */
const demandAt = (t: number) => 60 + 40 * Math.sin((2 * Math.PI * (t - steepest)) / day);
const metadata = {
  query: 'demand',
  threshold: '10',
  hpaTolerance: '0',
  historyTimeWindow: '3d',
  leadTime: '30m',
};

let api: FakeApi;
let folder: string;
const servers: RunningServer[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forescale-state-'));
  api = await startFakeApi(answersOf(demandAt));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await api.close();
  await rm(folder, { recursive: true });
});

async function start(more: Parameters<typeof startTestServer>[2]): Promise<RunningServer> {
  const server = await startTestServer(api.url, '', more);
  servers.push(server);
  return server;
}

async function servedBy(server: RunningServer, name = 'web', asked: object = metadata): Promise<number> {
  const keda = createKedaCaller(server.grpcPort);
  try {
    return await keda.value(name, { ...asked });
  } finally {
    keda.close();
  }
}

/** Asks until the forecast is there; then the value is above what is observed, because demand rises within the lead time. */
async function warmValue(server: RunningServer): Promise<number> {
  await servedBy(server);
  await expect
    .poll(async () => (await fetch(`${server.httpUrl}/api/v1/workloads/shop/web`)).text())
    .toContain('"state":"trusted"');
  const served = await servedBy(server);
  expect(served).toBeGreaterThan(1.05 * demandAt(Date.now() / 1000));
  return served;
}

describe('a replica that has replaced another', () => {
  it('asks its peer what KEDA asks for, and its first answer is the peer’s', async () => {
    const peer = await start({});
    const served = await warmValue(peer);
    const fresh = await start({ peers: peer.httpUrl });
    await fresh.ready;
    expect(Math.abs((await servedBy(fresh)) / served - 1)).toBeLessThan(0.01);
  });

  it('is ready at once where it is the first, and where no peer can be asked', async () => {
    for (const peers of ['http://127.0.0.1:1', 'http://no-such-host.invalid:8080']) {
      await (await start({ peers })).ready;
    }
  });

  it('tells its peers nothing without the token', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'open-sesame');
    const guarded = await start({ apiTokenFile: tokenFile, httpAddress: '0.0.0.0:0' });
    await servedBy(guarded);
    const url = `${guarded.httpUrl.replace('0.0.0.0', '127.0.0.1')}/api/v1/known-workloads`;
    expect((await fetch(url)).status).toBe(401);
    const told = await fetch(url, { headers: { authorization: 'Bearer open-sesame' } });
    expect(JSON.parse(await told.text())).toMatchObject({
      namespace: 'shop',
      name: 'web',
      scalerMetadata: metadata,
    });
  });
});

describe('a replica without a token', () => {
  it('tells its peers what everybody may read, and is switched by nobody', async () => {
    const open = await start({ httpAddress: '0.0.0.0:0' });
    const keda = createKedaCaller(open.grpcPort);
    await keda.value('web', metadata);
    await keda.value('secret', { ...metadata, customHeaders: 'X-Key=S3CRET' }).catch(() => undefined);
    await keda
      .value('login', { ...metadata, prometheusAddress: api.url.replace('//', '//me:S3CRET@') })
      .catch(() => undefined);
    keda.close();
    const url = `${open.httpUrl.replace('0.0.0.0', '127.0.0.1')}/api/v1`;
    const told = await (await fetch(`${url}/known-workloads`)).text();
    expect(told).toContain('"web"');
    expect(told).not.toMatch(/S3CRET|"secret"|"login"/);
    expect(await (await fetch(`${url}/peers/state`)).json()).toMatchObject({
      mode: 'active',
      switched: null,
    });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ mode: 'reactive', at: Date.now() / 1000 });
    const switched = await fetch(`${url}/peers/mode`, { method: 'POST', headers, body });
    expect(switched.status).toBe(401);
  });

  it('knows what KEDA asks its peer for within seconds', async () => {
    const peer = await start({ httpAddress: '0.0.0.0:0' });
    const url = peer.httpUrl.replace('0.0.0.0', '127.0.0.1');
    const fresh = await start({ httpAddress: '0.0.0.0:0', peers: url });
    await servedBy(peer);
    const known = () => fetch(`${fresh.httpUrl.replace('0.0.0.0', '127.0.0.1')}/api/v1/workloads`);
    await expect.poll(async () => (await known()).text()).toContain('"web"');
  });
});

/** Everything that is forecast for a workload, from which time on, and why, as text. */
async function toldBy(server: RunningServer): Promise<string> {
  const url = `${server.httpUrl}/api/v1/workloads/shop/web`;
  const texts = ['forecast?horizon=24h', 'accuracy', 'outcome'].map(async (part) =>
    (await fetch(`${url}/${part}`)).text(),
  );
  return (await Promise.all(texts)).join('\n');
}

describe('a replica whose source fails', () => {
  /** A source that answers instant queries alone once it is overloaded. */
  async function overloadedSource() {
    const answer = answersOf(demandAt);
    let isOverloaded = false;
    const source = await startFakeApi(({ form, ...request }, response, count) => {
      if (isOverloaded && form.has('start')) return void response.writeHead(503).end();
      answer({ form, ...request }, response, count);
    });
    await api.close();
    api = source;
    return () => {
      isOverloaded = true;
    };
  }

  it('serves no less than it did before a restart', async () => {
    const overload = await overloadedSource();
    const before = await start({ stateDir: folder });
    const served = await warmValue(before);
    await before.close();
    servers.splice(0);
    overload();
    const after = await start({ stateDir: folder });
    expect(await servedBy(after)).toBeGreaterThan(0.999 * served);
  });

  it('serves no less than it did before a restart while its source answers nothing', async () => {
    const before = await start({ stateDir: folder });
    const served = await warmValue(before);
    await before.close();
    servers.splice(0);
    await api.close();
    const after = await start({ stateDir: folder });
    await expect.poll(() => servedBy(after).catch(() => 0)).toBeGreaterThan(0.999 * served);
    api = await startFakeApi(answersOf(demandAt));
  });

  it('serves no less than the peer that it learns of workloads from', async () => {
    const overload = await overloadedSource();
    const peer = await start({});
    const served = await warmValue(peer);
    overload();
    const fresh = await start({ peers: peer.httpUrl });
    expect(await servedBy(fresh)).toBeGreaterThan(0.999 * served);
  });

  it.each(['alone', 'beside a peer that does not ask the cluster'])(
    'looks as far ahead as before a restart, %s, and keeps that for the next one',
    async (how) => {
      const { leadTime: _, ...scalerMetadata } = metadata;
      const file = parseServerFile('kubeStateMetrics: {source: "off"}', 'test');
      const peer = how === 'alone' ? undefined : await start({ file });
      if (peer !== undefined) await servedBy(peer, 'web', scalerMetadata);
      const nowSeconds = Date.now() / 1000;
      const leadTime = { p95Seconds: 200, seconds: 204, starts: 20, atSeconds: nowSeconds - 3600 };
      const known = { namespace: 'shop', name: 'web', scalerMetadata, cluster: { leadTime } };
      const path = join(folder, 'known-workloads.ndjson');
      writeFileSync(path, `${JSON.stringify({ ...known, askedAt: nowSeconds - (peer ? 3600 : 0) })}\n`);
      const server = await start({ stateDir: folder, peers: peer?.httpUrl });
      const told = await fetch(`${server.httpUrl}/api/v1/workloads/shop/web`);
      expect(await told.json()).toMatchObject({ leadTime: { seconds: 204, from: 'cluster', starts: 20 } });
      await servers.pop()?.close();
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject(known);
    },
  );

  it('serves no less than its peer after it was away for an hour', async () => {
    const overload = await overloadedSource();
    const peer = await start({});
    const served = await warmValue(peer);
    overload();
    const atSeconds = Date.now() / 1000 - 3600;
    const old = { atSeconds, signal: 1, active: true, observed: 1 };
    const line = {
      namespace: 'shop',
      name: 'web',
      scalerMetadata: metadata,
      askedAt: atSeconds,
      served: old,
    };
    writeFileSync(join(folder, 'known-workloads.ndjson'), `${JSON.stringify(line)}\n`);
    const fresh = await start({ stateDir: folder, peers: peer.httpUrl });
    expect(await servedBy(fresh)).toBeGreaterThan(0.999 * served);
  });
});

describe('a replica with an empty disk beside one that runs', () => {
  /** Demand with noise, of which the source forgets everything but the last two hours. */
  async function forgettingSource() {
    let keptSeconds = 4 * day;
    const answer = answersOf((t) => demandAt(t) + ((t * 7919) % 101) / 20);
    const source = await startFakeApi(({ form, ...request }, response, count) => {
      const start = form.get('start');
      const oldest = Date.now() / 1000 - keptSeconds;
      if (start !== null && Number(start) < oldest) form.set('start', String(Math.ceil(oldest / 60) * 60));
      answer({ form, ...request }, response, count);
    });
    const forget = () => {
      keptSeconds = 7200;
    };
    return { source, forget };
  }

  it('takes what that one has learned, and says the same to the bit, though the source has forgotten it', async () => {
    const { source, forget } = await forgettingSource();
    await api.close();
    api = source;
    const peer = await start({});
    await warmValue(peer);
    forget();
    const fresh = await start({ peers: peer.httpUrl });
    await fresh.ready;
    await expect
      .poll(async () => {
        const [one, other] = [await toldBy(peer), await toldBy(fresh)];
        const [served, alsoServed] = [await servedBy(peer), await servedBy(fresh)];
        // A new minute may begin between two answers.
        return one === other && served === alsoServed ? one : 'they differ';
      })
      .toContain('"status":"ok"');
  });

  it('reads its history where the peer has another version, or none of the model', async () => {
    const asked: string[] = [];
    const other = await startFakeApi(({ url }, response) => {
      asked.push(url);
      if (url.startsWith('/api/v1/peers/state'))
        return json(response, {
          ...{ protocol: 1, replica: 'other', instance: 'other', version: '0.1.0', mode: 'active' },
          ...{ switched: null, asked: [] },
        });
      response.writeHead(url.includes('/snapshots/') && asked.length > 4 ? 200 : 404).end('nonsense');
    });
    try {
      const fresh = await start({ peers: other.url });
      await warmValue(fresh);
      expect(asked.join(' ')).toMatch(/\/api\/v1\/peers\/snapshots\/[0-9a-f]{64}/);
    } finally {
      await other.close();
    }
  });

  it('is told without a token of models alone whose triggers have no secrets', async () => {
    const names: string[] = [];
    const listening = await startFakeApi(({ url }, response) => {
      const [name] = /[0-9a-f]{64}/.exec(url) ?? [];
      if (name !== undefined) names.push(name);
      if (!url.startsWith('/api/v1/peers/state')) return void response.writeHead(404).end();
      json(response, {
        ...{ protocol: 1, replica: 'other', instance: 'other', version: '0.1.0', mode: 'active' },
        ...{ switched: null, asked: [] },
      });
    });
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'open-sesame');
    const file = parseServerFile(
      `profiles: [{name: default, url: '${api.url}', allowHeaders: [X-Key]}]`,
      'test',
    );
    const common = { file, peers: listening.url, httpAddress: '0.0.0.0:0' };
    const open = await start(common);
    const guarded = await start({ ...common, apiTokenFile: tokenFile });
    const secret = { ...metadata, customHeaders: 'X-Key=S3CRET' };
    try {
      for (const server of [open, guarded]) {
        for (const one of [metadata, secret]) {
          const keda = createKedaCaller(server.grpcPort);
          await keda.value('web', one);
          keda.close();
        }
      }
      await expect.poll(() => new Set(names).size).toBe(2);
      const statuses = async (server: RunningServer, headers = {}) => {
        const asked = [...new Set(names)].map(async (name) => {
          const url = `${server.httpUrl.replace('0.0.0.0', '127.0.0.1')}/api/v1/peers/snapshots/${name}`;
          return (await fetch(url, { headers })).status;
        });
        return (await Promise.all(asked)).sort();
      };
      await expect.poll(() => statuses(open)).toEqual([200, 404]);
      expect(await statuses(guarded)).toEqual([401, 401]);
      const authorization = 'Bearer open-sesame';
      await expect.poll(() => statuses(guarded, { authorization })).toEqual([200, 200]);
    } finally {
      await listening.close();
    }
  });
});

describe('a replica that was restarted with its state', () => {
  it('answers as before, because it saved a new workload within seconds, for nobody else to read', async () => {
    const before = await start({ stateDir: folder });
    const served = await warmValue(before);
    const path = join(folder, 'known-workloads.ndjson');
    await expect.poll(() => readFileSync(path, { encoding: 'utf8', flag: 'a+' })).toContain('"web"');
    expect(statSync(path).mode & 0o077).toBe(0);
    await before.close();
    servers.splice(0);
    const after = await start({ stateDir: folder });
    await after.ready;
    expect(Math.abs((await servedBy(after)) / served - 1)).toBeLessThan(0.01);
  });

  it('starts without a state that is broken or too large', async () => {
    const path = join(folder, 'known-workloads.ndjson');
    for (const text of ['{', '[]', '{"namespace":1}\n', 'x'.repeat(25 * 1024 * 1024)]) {
      writeFileSync(path, text);
      await (await start({ stateDir: folder })).ready;
    }
  });
});
