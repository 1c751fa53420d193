import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromEnvironment } from '../../../src/platform/secrets/from-environment.ts';
import { createConcurrencyLimit } from '../../../src/platform/turns/concurrency-limit.ts';
import { type FakeApi, startFakeApi } from '../../edges/history/prometheus/fake-api.ts';
import { eventually } from '../../support/eventually.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';
import { echoing } from './echoing-source.ts';
import { createKedaCaller } from './scaler-client.ts';
import { acceptedTriggers, anyMark, leaks, mark, metadataOf, refusedTriggers } from './secret-triggers.ts';

/** The server closes connections beyond a thousand, and there are more paths than that. */
const readers = createConcurrencyLimit(100);

describe('a secret that the server was given', () => {
  let api: FakeApi;
  let folder: string;
  let server: ServeProcess;
  const answers: string[] = [];
  const stateDir = () => join(folder, 'state');

  beforeAll(async () => {
    api = await startFakeApi(echoing);
    folder = mkdtempSync(join(tmpdir(), 'forescale-secrets-'));
    mkdirSync(stateDir());
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const config = `
profiles:
  - name: tenant
    url: ${api.url}
    bearerTokenFile: ${file('bearer', mark('bearer'))}
    headers: { X-Api-Key: "${mark('api-key-header')}" }
    allowHeaders: [X-Scope-OrgID]
    allowQueryParameters: [token, namespace]
  - name: basic
    url: ${api.url}/basic
    basicAuth: { username: user, passwordFile: ${file('password', mark('basic'))} }
  - name: ${mark('profile-from-env')}
    url: ${api.url}/profile
  - name: ${mark('closed-profile')}
    url: ${api.url}/closed
    namespaces: [nobody]
  - name: influx
    kind: influxdb
    url: ${api.url}
    database: metrics
  - name: proxied
    url: http://nowhere.invalid
    proxyUrl: http://user:${mark('proxy')}@${new URL(api.url).host}
workloads:
  - namespace: declared
    name: web
    metadata:
      query: error
      threshold: "10"
      prometheusAddress: tenant
      customHeaders: X-Scope-OrgID=${mark('declared-header')}
      passwordFromEnv: ${mark('declared-unknown')}
`;
    const { host } = new URL(api.url);
    server = await startServeProcess(`http://user:${mark('default')}@${host}/default`, {
      flags: [
        ...['--config', file('config.yaml', config), '--state-dir', stateDir(), '--log-level', 'debug'],
        ...['--api-token-file', file('token', mark('api-token'))],
      ],
      env: { DATABASE_PASSWORD: mark('environment'), PROMETHEUS_PASSWORD: mark('environment') },
    });
    const keda = createKedaCaller(server.grpcPort);
    const asked = Object.entries({ ...acceptedTriggers, ...refusedTriggers }).flatMap(([name, given]) =>
      [keda.spec, keda.value, keda.isActive].map(async (ask) => {
        const answer: unknown = await ask(name, metadataOf(given)).catch((error: unknown) => error);
        return `${name}: ${answer instanceof Error ? `${answer.message} ${JSON.stringify(answer)}` : answer}`;
      }),
    );
    answers.push(...(await Promise.all(asked)));
    keda.close();
  });
  afterAll(async () => {
    await server?.stop();
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is sent to the source and told to nobody over gRPC', () => {
    const sent = JSON.stringify(api.requests.map((request) => [request.headers, request.url]));
    for (const place of ['header', 'parameter', 'bearer', 'api-key-header', 'header-from-env'])
      expect(sent).toContain(mark(place));
    for (const place of ['basic', 'default', 'proxy']) expect(sent).toContain(btoa(`user:${mark(place)}`));
    expect(answers.filter((answer) => answer.includes('details')).length).toBeGreaterThan(50);
    expect(answers.flatMap(leaks)).toEqual([]);
  });

  it('is asked of the source where it is a query or an address from the environment of pods', async () => {
    const wanted = ['good', 'error', 'several', 'warning', 'broken'].flatMap((way) => [
      `/default/api/v1/query ${way} ${mark('query-from-env')}`,
      `/default/api/v1/query ${way} ${mark('replicas-from-env')}`,
      `/default/api/v1/query_range ${way} ${mark('replicas-from-env')}`,
      `/profile/api/v1/query ${way}`,
    ]);
    const missing = () => {
      const asked = new Set(api.requests.map(({ form, url }) => `${url} ${form.get('query')}`));
      return wanted.filter((question) => !asked.has(question));
    };
    expect(await eventually(missing, ({ length }) => length === 0)).toEqual([]);
  });

  it('is in no answer of the API, no metric and no page', async () => {
    const paths = await readablePaths(server.httpUrl);
    expect(paths.length).toBeGreaterThan(100);
    const texts = await Promise.all(
      paths.map((path) => readers.run(async () => `${path} ${await readAll(server.httpUrl, path)}`)),
    );
    expect(texts.filter((text) => text.includes('"lastError":{')).length).toBeGreaterThan(10);
    expect(texts.filter((text) => text.includes('is not a key of this trigger')).length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.includes(`"query":"${fromEnvironment}"`)).length).toBeGreaterThan(10);
    expect(texts.filter((text) => text.includes(`"source":"${fromEnvironment}"`)).length).toBeGreaterThan(10);
    expect(texts.flatMap(leaks)).toEqual([]);
  });

  it('is in no answer to a request that needs the token, right or wrong', async () => {
    const tokens = ['', mark('api-token'), mark('wrong')];
    const bodies = [
      { query: 'error', range: '1h' },
      { query: 'error', range: '1h', address: 'tenant' },
      { query: 'good', range: '1h', address: 'basic' },
      { query: 'good', range: '1h', address: `http://user:${mark('body')}/pw@evil` },
    ];
    const requests = bodies.flatMap((body) => [
      ['forecasts', { ...body, horizon: '1h' }] as const,
      ['what-if', { ...body, target: 5 }] as const,
    ]);
    const texts = await Promise.all(
      tokens.flatMap((token) =>
        requests.map(async ([route, body]) => {
          const response = await fetch(`${server.httpUrl}/api/v1/${route}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify(body),
          });
          return `${response.status} ${await response.text()}`;
        }),
      ),
    );
    expect(texts.flatMap(leaks)).toEqual([]);
  });

  it('is kept in no file but where the trigger itself says it in the clear, for nobody else to read', async () => {
    const path = join(stateDir(), 'known-workloads.ndjson');
    const text = await eventually(
      () => readFileSync(path, { encoding: 'utf8', flag: 'a+' }),
      (kept) => kept.includes('good-headers'),
    );
    const names = readdirSync(stateDir());
    expect(names).toEqual(expect.arrayContaining(['known-workloads.ndjson', 'decisions.sqlite']));
    for (const name of names) expect(statSync(join(stateDir(), name)).mode & 0o077, name).toBe(0);
    const records = names.filter((name) => name.startsWith('decisions.sqlite'));
    const record = records.map((name) => readFileSync(join(stateDir(), name), 'latin1')).join('');
    expect(record).toContain('good-headers');
    expect(record).not.toMatch(anyMark);
    const told = await (await fetch(`${server.httpUrl}/api/v1/known-workloads`)).text();
    expect(told).toContain('good-headers');
    for (const kept of [text, told]) {
      expect(kept).not.toContain('from-env');
      expect(kept.replaceAll(mark('header'), '').replaceAll(mark('parameter'), '')).not.toMatch(anyMark);
    }
  });

  it('is in no line of the log, at debug', () => {
    const output = server.output();
    for (const event of ['workload-opened', 'refresh-failed', 'rpc-failed', 'trigger-metadata-warning'])
      expect(output).toContain(event);
    expect(leaks(output)).toEqual([]);
  });
});

/** Every path that can be read: those of the OpenAPI document, for each workload that is known, and the page's files. */
async function readablePaths(url: string): Promise<string[]> {
  const text = async (path: string) => (await fetch(`${url}${path}`)).text();
  const { workloads } = JSON.parse(await text('/api/v1/workloads?limit=1000')) as {
    workloads: { namespace: string; name: string }[];
  };
  const document = JSON.parse(await text('/openapi.json')) as { paths: Record<string, { get?: object }> };
  const ofWorkload = (template: string) =>
    workloads.map(({ namespace, name }) =>
      template.replace('{namespace}', namespace).replace('{name}', name),
    );
  const documented = Object.entries(document.paths)
    .filter(([path, { get }]) => get !== undefined && path !== '/api/v1/known-workloads')
    .flatMap(([path]) => (path.includes('{name}') ? ofWorkload(path) : [path]));
  const page = await text('/');
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
  return [...documented, '/', ...files, '/openapi.json', '/docs', '/docs/json', '/no-such-route'];
}

async function readAll(url: string, path: string): Promise<string> {
  const response = await fetch(new URL(path, url));
  return `${response.status} ${JSON.stringify([...response.headers])} ${await textOf(response)}`;
}

/** The text of an answer; of a stream, which has no end, what comes at first. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text();
  for await (const chunk of response.body ?? []) return Buffer.from(chunk).toString();
  return '';
}
