import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { createLifecycle } from '../../../../src/platform/process/lifecycle.ts';
import { readOtherShards } from '../../../../src/server/shards/read-other-shards.ts';
import type { ConfiguredShard } from '../../../../src/server/shards/shard-schema.ts';
import { apiOptions, directoryOf, goodDecision, modelOf, taught, workloadOf } from '../../api/fixture.ts';
import { runCommand } from '../../cli/run-command.ts';

const model = modelOf(taught(0));
const workload = (name: string, isBlind = false) =>
  workloadOf(model, { name, ...(isBlind && { decision: () => ({ ...goodDecision, fresh: false }) }) });
const shard = (name: string, url?: string): ConfiguredShard => ({
  ...{ name, scalerAddress: `forescale-${name}:6000` },
  ...(url === undefined ? {} : { url }),
});
const named = ['front', 'back', 'mail'].map((name) => shard(name));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(
  own: string,
  all: readonly ConfiguredShard[],
  names: readonly [string, boolean?][],
  lookMs = 60_000,
) {
  const lifecycle = createLifecycle(silentLogger);
  const of = all.find(({ name }) => name === own) ?? shard(own);
  const directory = directoryOf(names.map(([name, isBlind]) => workload(name, isBlind)));
  const shards = readOtherShards({ own: of, all }, { proxies: undefined, lifecycle, lookMs });
  const app = await createApiApp(apiOptions({ directory, ...(shards && { shards }) }));
  closing.push(
    () => lifecycle.close(),
    () => app.close(),
  );
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** Takes connections and says nothing. */
async function startSilent(): Promise<string> {
  const server: Server = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = async (app: ApiInstance, url: string) => (await app.inject({ url })).json();

describe('shards that are seen from one of them', () => {
  it('are listed with what each has, or why it is not known', async () => {
    const back = await serve('back', named, [['web'], ['api', true]]);
    const all = [shard('front'), shard('back', back.url), shard('bank', back.url), shard('gone')];
    const front = await serve('front', all, [['cart']]);
    const { shards } = await json(front.app, '/api/v1/shards');
    expect(shards).toMatchObject([
      { name: 'front', own: true, answers: true, workloads: { total: 1 } },
      { name: 'back', own: false, answers: true, workloads: { total: 2, byState: { blind: 1 } } },
      { name: 'bank', answers: false, error: 'its url leads to back' },
      { name: 'gone', answers: false, error: 'shard gone: its url is not configured' },
    ]);
  });

  it('are said not to answer where one is silent', async () => {
    const all = [shard('front'), shard('mail', await startSilent())];
    const front = await serve('front', all, [['cart']], 100);
    const { shards } = await json(front.app, '/api/v1/shards');
    expect(shards).toMatchObject([
      { answers: true },
      {
        answers: false,
        error: expect.stringMatching(/^shard mail: .* did not answer within 0\.1 s$/),
        workloads: null,
      },
    ]);
  });

  it('answer reads that name them, one hop away, and know their own name', async () => {
    const back = await serve('back', named, [['web'], ['api']]);
    const front = await serve('front', [shard('front'), shard('back', back.url)], [['cart']]);
    const listed = await json(front.app, '/api/v1/workloads?limit=1&shard=back&sort=name');
    expect(listed).toMatchObject({ total: 2, next: 1, workloads: [{ name: 'api' }] });
    expect(await json(front.app, '/api/v1/workloads/shop/web?shard=back')).toMatchObject({ name: 'web' });
    expect(await json(front.app, '/api/v1/workloads?shard=front')).toMatchObject({ total: 1 });
    expect(await json(front.app, '/api/v1/status?shard=back')).toMatchObject({ shard: 'back' });
    const missing = await front.app.inject({ url: '/api/v1/workloads/shop/cart?shard=back' });
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'not-found']);
  });

  it('are refused by name where there is none, where a read is no read of workloads, and where nobody answers', async () => {
    const front = await serve('front', named, [['cart']]);
    const codeOf = async (url: string) => (await json(front.app, url)).code;
    expect(await codeOf('/api/v1/workloads?shard=bank')).toBe('invalid-argument');
    expect(await codeOf('/api/v1/workloads?shard=back&shard=front')).toBe('invalid-argument');
    expect(await codeOf('/api/v1/shards?shard=back')).toBe('invalid-argument');
    expect(await codeOf('/api/v1/workloads?shard=back')).toBe('source-unreachable');
    const alone = await createApiApp(apiOptions({}));
    expect((await alone.inject({ url: '/api/v1/workloads?shard=back' })).json().code).toBe(
      'invalid-argument',
    );
    expect((await alone.inject({ url: '/api/v1/shards' })).json()).toEqual({ shards: [] });
  });

  it('hand on no token and no answer that a browser would run', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(200, { 'content-type': 'text/html' }).end('<script>alert(1)</script>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const front = await serve('front', [shard('front'), shard('back', url)], []);
    const headers = { authorization: 'Bearer secret' };
    const answer = await front.app.inject({ url: '/api/v1/workloads?shard=back', headers });
    expect(answer.json().code).toBe('source-nonsense');
    expect(seen).toEqual([undefined]);
  });

  it('are all in forescale status, worst first, and one that is silent is named', async () => {
    const back = await serve('back', named, [['web'], ['api', true]]);
    const all = [shard('front'), shard('back', back.url), shard('mail')];
    const front = await serve('front', all, [['cart']]);
    const { stdout } = await runCommand(['status', '--server', front.url]);
    const lines = stdout.split('\n');
    expect(lines[1]).toMatch(
      /^ {2}shard front {2}forescale-front:6000 {2}1 workloads? {2}the one that was asked$/,
    );
    expect(lines[2]).toMatch(/^ {2}shard back {3}forescale-back:6000 {2}2 workloads$/);
    expect(lines[3]).toMatch(
      /^ {2}shard mail {3}forescale-mail:6000 {2}does not answer, its workloads are not shown /,
    );
    const rows = lines.slice(6).map((line) => line.split(' ')[0]);
    expect(rows).toEqual(['shop/api', 'shop/cart', 'shop/web', '']);
  });
});
