import { once } from 'node:events';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../../src/server/start.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { eventually } from '../../support/eventually.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { startTestServer } from './running.ts';
import { createKedaCaller, type KedaCaller } from './scaler-client.ts';

const missing = await whyMissing('prometheus');

/** Ways in which the server in front of the real Prometheus fails. */
type Fault = 'none' | 'hang' | 'html' | 'error' | 'nan' | 'reset';

interface Breakable {
  readonly server: Server;
  readonly url: string;
  /** The present failure, which a test may set at any time. */
  fault: Fault;
}

/** A loopback server that passes every request on to `target` until a test makes it fail. */
async function startBreakable(target: string): Promise<Breakable> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const breakable: Breakable = { server, url, fault: 'none' };
  const answer = (response: ServerResponse, code: number, type: string, body: string) =>
    response.writeHead(code, { 'content-type': type }).end(body);
  const nan = JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [0, 'NaN'] }] },
  });
  server.on('request', (incoming, response) => {
    const broken: Record<Exclude<Fault, 'none'>, () => unknown> = {
      hang: () => undefined,
      html: () => answer(response, 200, 'text/html', '<html><body>Please log in</body></html>'),
      error: () => answer(response, 503, 'text/plain', 'overloaded'),
      nan: () => answer(response, 200, 'application/json', nan),
      reset: () => incoming.socket.destroy(),
    };
    if (breakable.fault !== 'none') return broken[breakable.fault]();
    const { method, headers, url } = incoming;
    const forwarded = request(`${target}${url}`, { method, headers }, (real) => {
      response.writeHead(real.statusCode ?? 502, real.headers);
      real.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    return incoming.pipe(forwarded);
  });
  return breakable;
}

describe.skipIf(missing !== undefined)(`faults of the source${skippedNote(missing)}`, () => {
  let prometheus: RunningProgram;
  /** One for each fault, so that the faults happen at the same time. */
  let breakables: Readonly<Record<Exclude<Fault, 'none'>, Breakable>>;
  let server: RunningServer;
  let keda: KedaCaller;

  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
    const start = () => startBreakable(prometheus.url);
    breakables = {
      hang: await start(),
      html: await start(),
      error: await start(),
      nan: await start(),
      reset: await start(),
    };
    const addresses = Object.values(breakables).map(({ url }) => url);
    // Time is compressed so that minutes of blindness pass in seconds, and not so far that a crowded machine asks but once in them.
    server = await startTestServer(
      prometheus.url,
      `allowedAddresses: [${addresses.join(', ')}]\ntiming: { refreshInterval: 400ms, freshAge: 1s, blindAge: 20s }`,
    );
    keda = createKedaCaller(server.grpcPort);
  });
  afterAll(async () => {
    keda?.close();
    await server?.close();
    for (const { server: broken } of Object.values(breakables ?? {})) {
      broken.closeAllConnections();
      broken.close();
    }
    await prometheus?.stop();
  });

  const healthy = { query: 'vector(30)', threshold: '10', hpaTolerance: '0' };

  it.concurrent.each(['hang', 'html', 'error', 'nan', 'reset'] as const)(
    'hold the last good value, never sleep, then err, and heal by themselves: %s',
    async (fault) => {
      const breakable = breakables[fault];
      const name = `broken-by-${fault}`;
      const metadata = {
        ...healthy,
        query: `vector(40) + 0 * ${name.length}`,
        prometheusAddress: breakable.url,
        timeout: '1000',
      };
      breakable.fault = 'none';
      await eventually(
        () => keda.value(name, metadata).catch(() => Number.NaN),
        (value) => value === 40,
      );

      breakable.fault = fault;
      const answers: (number | string)[] = [];
      const errors: unknown[] = [];
      await eventually(
        async () => {
          const [value, active] = await Promise.allSettled([
            keda.value(name, metadata),
            keda.isActive(name, metadata),
          ]);
          if (value.status === 'fulfilled') answers.push(value.value);
          else errors.push(value.reason);
          if (active.status === 'fulfilled') expect(active.value).toBe(true);
          // Others go on being served meanwhile.
          expect(await keda.value('healthy', healthy)).toBe(30);
          return errors.length;
        },
        (count) => count > 0,
      );
      // On a slow machine few questions fit into the time for which a value is fresh.
      expect(answers.length).toBeGreaterThan(1);
      expect(new Set(answers)).toEqual(new Set([40]));
      expect(errors[0]).toMatchObject({
        code: status.UNAVAILABLE,
        details: expect.stringMatching(/^stale: shop\/broken-by-/),
      });
      expect((await keda.spec(name, metadata)).targetSizeFloat).toBe(10);

      breakable.fault = 'none';
      await eventually(
        () => keda.value(name, metadata).catch(() => Number.NaN),
        (value) => value === 40,
      );
    },
  );

  it.each([
    ['hang', /http:.* has not answered the first query/],
    ['html', /source-nonsense: .*text\/html/],
    ['error', /source-unreachable: .*503/],
    ['nan', /no-data: .*NaN/],
  ] as const)('from the first question on yield a clear error, not a hang: %s', async (fault, message) => {
    const breakable = breakables[fault];
    breakable.fault = fault;
    const metadata = {
      ...healthy,
      query: `vector(1) + 0 * ${fault.length}00`,
      prometheusAddress: breakable.url,
      timeout: '300',
    };
    // A busy machine may have the answer of the source only at a later question.
    const answer = await eventually(
      () => keda.value(`new-${fault}`, metadata).catch((error: unknown) => error as ServiceError),
      (error) => typeof error === 'object' && message.test(error.details),
    );
    expect(answer).toMatchObject({ code: status.UNAVAILABLE });
    breakable.fault = 'none';
  });

  it.each([
    ['no query', { threshold: '10' }, status.INVALID_ARGUMENT, /query is required and missing/],
    [
      'a threshold in words',
      { ...healthy, threshold: 'ten' },
      status.INVALID_ARGUMENT,
      /threshold: "ten" is not allowed; use a number of at least 0\.001/,
    ],
    [
      'a misspelt threshold',
      { query: 'up', thresold: '10' },
      status.INVALID_ARGUMENT,
      /did you mean "threshold"/,
    ],
    [
      'an address off the list',
      { ...healthy, prometheusAddress: 'http://10.0.0.1:9090' },
      status.PERMISSION_DENIED,
      /prometheusAddress: "http:\/\/10\.0\.0\.1:9090".*allowedAddresses/,
    ],
    [
      'two series',
      {
        ...healthy,
        query: 'label_replace(vector(1),"a","1","","") or label_replace(vector(2),"a","2","","")',
      },
      status.FAILED_PRECONDITION,
      /several-series: .*sum\(/,
    ],
    [
      'a query that does not parse',
      { ...healthy, query: 'sum(rate(' },
      status.FAILED_PRECONDITION,
      /source-rejected: .*parse error/,
    ],
    [
      'no series',
      { ...healthy, query: 'nothing_of_that_name' },
      status.UNAVAILABLE,
      /no-data: .*or vector\(0\)/,
    ],
  ])(
    'and of the user yield an error that names field and remedy: %s',
    async (name, metadata, code, message) => {
      await expect(
        keda.value(name.replaceAll(' ', '-'), metadata as Record<string, string>),
      ).rejects.toMatchObject({
        code,
        details: expect.stringMatching(message),
      });
      expect(await keda.value('healthy', healthy)).toBe(30);
    },
  );
});
