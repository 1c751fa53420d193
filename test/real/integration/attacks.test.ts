import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../../src/server/start.ts';
import {
  type Answer,
  everyPoint,
  type FakeApi,
  json,
  startFakeApi,
} from '../../edges/history/prometheus/fake-api.ts';
import { startTestServer } from './running.ts';
import { createKedaCaller, type KedaCaller } from './scaler-client.ts';

/** Answers of the source by the name of the query; other queries get good answers. */
const answers: Record<string, Answer> = {
  // The excerpt in the message ends in the middle of the last character.
  html: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`${'a'.repeat(79)}🙂`),
  surrogate: (_, response) =>
    response.writeHead(400).end('{"status":"error","errorType":"bad_data","error":"half a pair: \\ud83d"}'),
};
const healthy: Answer = (request, response, count) => {
  if (request.url.endsWith('/query_range')) return everyPoint(request, response, count);
  const time = Number(request.form.get('time'));
  return json(response, {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [time, '30'] }] },
  });
};

describe('whoever writes a trigger, or answers a query', () => {
  let api: FakeApi;
  let server: RunningServer;
  let keda: KedaCaller;
  const trigger = { query: 'healthy', threshold: '10', hpaTolerance: '0' };

  beforeAll(async () => {
    api = await startFakeApi((request, response, count) => {
      const answer = answers[request.form.get('query') ?? ''] ?? healthy;
      answer(request, response, count);
    });
    server = await startTestServer(api.url);
    keda = createKedaCaller(server.grpcPort);
  });
  afterAll(async () => {
    keda?.close();
    await server?.close();
    await api?.close();
  });

  it.each([
    ['html', status.UNAVAILABLE, /text\/html/],
    ['surrogate', status.FAILED_PRECONDITION, /half a pair/],
  ])('cannot end the server by words that gRPC cannot encode: %s', async (query, code, details) => {
    await expect(keda.value(query, { ...trigger, query })).rejects.toMatchObject({
      code,
      details: expect.stringMatching(details),
    });
    expect(await keda.value('app', trigger)).toBe(30);
  });

  it.each([
    ['a value of kilobytes', { threshold: '🙂'.repeat(8_000) }, /threshold: .* is not allowed/],
    [
      'thousands of keys',
      Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`k${index}`, ''])),
      /4003 keys are more than the 200/,
    ],
  ])('cannot end the connection that KEDA shares among its ScaledObjects: %s', async (_, given, details) => {
    await expect(keda.spec('bad', { ...trigger, ...given })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(details),
    });
    expect(await keda.value('app', trigger)).toBe(30);
  });

  it('cannot send more than a trigger could ever need', async () => {
    await expect(keda.spec('bad', { ...trigger, query: 'x'.repeat(70_000) })).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    expect(await keda.value('app', trigger)).toBe(30);
  });
});
