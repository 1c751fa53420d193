import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningServer } from '../../../src/server/start.ts';
import { startTestServer } from '../../real/integration/running.ts';
import { everyPoint, type FakeApi, startFakeApi } from '../history/prometheus/fake-api.ts';

let api: FakeApi;
let server: RunningServer;
beforeAll(async () => {
  api = await startFakeApi(everyPoint);
  const closed = `profiles: [{ name: closed, url: '${api.url}/closed', namespaces: [shop] }]`;
  server = await startTestServer(api.url, closed);
});
afterAll(async () => {
  await server?.close();
  await api?.close();
});

async function ask(body: object) {
  const response = await fetch(`${server.httpUrl}/api/v1/what-if`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'x', target: 1e8, policies: ['reactive'], ...body }),
  });
  const answer = (await response.json()) as { code?: string; policies?: { name: string }[] };
  return [response.status, answer.code ?? answer.policies?.map(({ name }) => name)];
}

it('plays what-ifs of its own source, and reaches no other than triggers may', async () => {
  expect(await ask({ range: '4d', step: '5m' })).toEqual([200, ['reactive']]);
  const before = api.requests.length;
  expect(await ask({ address: 'http://127.0.0.1:9/elsewhere' })).toEqual([403, 'address-not-allowed']);
  expect(await ask({ address: 'closed' })).toEqual([403, 'address-not-allowed']);
  expect(api.requests.length).toBe(before);
});
