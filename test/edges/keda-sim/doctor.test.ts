import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerCredentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExaminedPoint } from '../../../src/keda-sim/index.ts';
import type { RunningServer } from '../../../src/server/start.ts';
import { hasOpenssl, selfSigned, signedBy } from '../../../tools/certificates.ts';
import { startTestServer } from '../../real/integration/running.ts';
import { runCommand } from '../cli/run-command.ts';
import { type FakeApi, json, startFakeApi } from '../history/prometheus/fake-api.ts';
import { faultless, type ScalerAnswers, startScaler } from './faulty-scaler.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forescale-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function metadataFile(name: string, metadata: Readonly<Record<string, string>>): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(metadata));
  return file;
}

/** Runs the command; its points as JSON gives them, and what it threw. */
async function examine(...args: readonly string[]) {
  let stdout = '';
  const keep = (text: string) => {
    stdout += text;
  };
  const error = await runCommand(['doctor', ...args, '--json'], { stdout: keep }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { points: lines.map((line) => JSON.parse(line) as ExaminedPoint), error };
}

describe('forescale doctor, of this scaler', () => {
  let api: FakeApi;
  let server: RunningServer;
  let metadata: Readonly<Record<string, string>>;

  beforeAll(async () => {
    api = await startFakeApi(({ url, form }, response) => {
      const at = form.get('time');
      const value = form.get('query') === 'zero' ? '0' : '42.5';
      const isRange = url.endsWith('/query_range');
      const data = isRange
        ? { resultType: 'matrix', result: [] }
        : { resultType: 'vector', result: [{ metric: {}, value: [Number(at), value] }] };
      return json(response, { status: 'success', data });
    });
    server = await startTestServer(undefined, `allowedAddresses: [${api.url}]`);
    metadata = { query: 'demand', threshold: '10', prometheusAddress: api.url };
  });
  afterAll(async () => {
    await server?.close();
    await api?.close();
  });

  it('finds that every point of the contract is kept', async () => {
    const file = metadataFile('ours.json', metadata);
    const scaler = `127.0.0.1:${server.grpcPort}`;
    const { points, error } = await examine('--scaler', scaler, '--metadata', file, '--zero', 'query=zero');
    expect(error).toBeUndefined();
    expect(points.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(points.filter(({ verdict }) => verdict !== 'passes')).toEqual([]);
    expect(points[8]?.seen).toMatch(/understood: queryFromEnv, thresholdFromEnv$/);
    expect(points[6]?.seen).toContain('PERMISSION_DENIED');
  });

  it('prints a line for each point, for people, of the trigger of a ScaledObject', async () => {
    const file = join(folder, 'web.yaml');
    writeFileSync(
      file,
      `kind: ScaledObject
metadata: { name: web, namespace: shop }
spec:
  triggers:
    - type: external
      metadata: { scalerAddress: 'scaler:6000', query: demand, threshold: "10", prometheusAddress: "${api.url}" }
`,
    );
    const { stdout } = await runCommand([
      'doctor',
      '--scaler',
      `127.0.0.1:${server.grpcPort}`,
      '--metadata',
      file,
    ]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(14);
    expect(lines[2]).toBe(
      ' 3 passes GetMetrics gives one finite value, float and integer: 44.001000044 and 45',
    );
    expect(lines[7]).toMatch(/^ 8 n\/a {4}zero is answered as 0: the value is 44/);
  });
});

describe('forescale doctor, of a scaler that breaks the contract', () => {
  const good = { value: '42', threshold: '10', prometheusAddress: 'http://prometheus:9090' };

  async function pointOf(
    number: number,
    wrong: Partial<ScalerAnswers>,
    metadata: Record<string, string> = good,
  ) {
    const scaler = await startScaler({ ...faultless, ...wrong });
    try {
      const file = metadataFile(`bad-${number}.json`, metadata);
      const args = ['--scaler', scaler.address, '--metadata', file, '--zero', 'value=0'];
      const { points, error } = await examine(...args);
      const point = points.find((one) => one.number === number);
      if (point?.verdict === 'fails') expect(error).toMatchObject({ code: 'contract-broken' });
      return point;
    } finally {
      scaler.stop();
    }
  }

  it('finds nothing wrong with one that keeps it', async () => {
    const point = await pointOf(1, {});
    expect(point?.verdict).toBe('passes');
  });

  const value = (metricValueFloat: number, metricValue = Math.round(metricValueFloat)) => [
    { metricName: 'm', metricValue, metricValueFloat },
  ];
  let flip = 0;
  const broken: readonly (readonly [number, string, Partial<ScalerAnswers>, RegExp])[] = [
    [
      1,
      'no target',
      { spec: () => [{ metricName: 'm', targetSize: 0, targetSizeFloat: 0 }] },
      /targetSizeFloat of m is 0/,
    ],
    [
      1,
      'another target each time',
      { spec: () => [{ metricName: 'm', targetSize: 9, targetSizeFloat: 9 + flip++ }] },
      /differently/,
    ],
    [
      1,
      'a specification that asks its source',
      { spec: () => sleep(80, [{ metricName: 'm', targetSize: 9, targetSizeFloat: 9 }]) },
      /more than 50 ms/,
    ],
    [
      2,
      'a name with capitals',
      { spec: () => [{ metricName: 'My_Metric', targetSize: 9, targetSizeFloat: 9 }] },
      /My_Metric: a name needs/,
    ],
    [3, 'two values', { metrics: () => [...value(1), ...value(2)] }, /2 values instead of one/],
    [
      3,
      'an integer that means something else',
      { metrics: () => value(42, 7) },
      /one is not the other rounded/,
    ],
    [4, 'activity that flutters', { active: () => flip++ % 2 === 0 }, /IsActive changes within/],
    [
      4,
      'a value that flutters',
      { metrics: () => value(flip++ % 2 === 0 ? 42 : 420) },
      /the value changes from 42 to 420/,
    ],
    [
      5,
      'an answer that takes too long',
      { active: () => (flip++ === 0 ? sleep(5_100, true) : true) },
      /IsActive, took 5\d+ ms/,
    ],
    [
      6,
      'an error that blames nobody',
      { spec: () => ({ code: status.UNKNOWN, details: 'oops' }) },
      /GetMetricSpec fails with UNKNOWN/,
    ],
    [7, 'no value', { metrics: () => [] }, /0 values instead of one/],
    [7, 'not a number', { metrics: () => value(Number.NaN, 0) }, /metricValueFloat is NaN/],
    [
      7,
      'zero for a source that is down',
      { metrics: () => value(0) },
      /an unreachable source is answered with 0/,
    ],
    [
      8,
      'nothing for zero',
      { metrics: ({ scalerMetadata }) => (scalerMetadata?.['value'] === '0' ? [] : value(42)) },
      /0 values/,
    ],
    [
      9,
      'a refusal of keys it does not know',
      {
        spec: (ref) =>
          'keyOfAnotherScaler' in (ref.scalerMetadata ?? {})
            ? { code: status.INVALID_ARGUMENT, details: 'unknown key' }
            : faultless.spec(ref),
      },
      /unknown key GetMetricSpec fails/,
    ],
    [
      9,
      'no understanding of FromEnv',
      {
        spec: ({ scalerMetadata }) =>
          scalerMetadata?.['threshold'] === undefined
            ? { code: status.INVALID_ARGUMENT, details: 'threshold?' }
            : [{ metricName: 'm', targetSize: 10, targetSizeFloat: 10 }],
      },
      /thresholdFromEnv GetMetricSpec fails/,
    ],
    [
      10,
      'a stream that ends by itself',
      {
        StreamIsActive: (call) => {
          call.write({ result: true });
          call.end();
        },
      },
      /ended by itself with OK/,
    ],
    [
      10,
      'a stream that contradicts IsActive',
      { StreamIsActive: (call) => void call.write({ result: false }) },
      /says false and IsActive true/,
    ],
    [
      11,
      'another specification in the stream',
      { StreamMetricSpec: (call) => void call.write({ metricSpecs: [] }) },
      /StreamMetricSpec answers \[\]/,
    ],
    [
      13,
      'integers of another size',
      { metrics: () => value(42, 420) },
      /integers ask for 42 replicas .* floats for 5/,
    ],
    [
      14,
      'errors under load',
      { metrics: () => (flip++ > 30 ? { code: status.RESOURCE_EXHAUSTED, details: 'too many' } : value(42)) },
      /RESOURCE_EXHAUSTED/,
    ],
  ];
  it.each(broken)('sees in point %i %s', async (number, _what, wrong, seen) => {
    flip = 0;
    expect(await pointOf(number, wrong)).toMatchObject({
      verdict: 'fails',
      seen: expect.stringMatching(seen),
    });
  });

  it.skipIf(!hasOpenssl)(
    'sees in point 12 that a client certificate is not asked for, and that it is (needs openssl)',
    async () => {
      const authority = selfSigned(folder, 'authority');
      const [served, shown] = [signedBy(authority, folder, 'served'), signedBy(authority, folder, 'shown')];
      const pair = { cert_chain: readFileSync(served.certFile), private_key: readFileSync(served.keyFile) };
      const flags = [
        '--ca-cert',
        authority.certFile,
        '--tls-client-cert',
        shown.certFile,
        '--tls-client-key',
        shown.keyFile,
      ];
      for (const [mustShow, verdict] of [
        [false, 'fails'],
        [true, 'passes'],
      ] as const) {
        const scaler = await startScaler(
          faultless,
          ServerCredentials.createSsl(readFileSync(authority.certFile), [pair], mustShow),
        );
        const { points } = await examine(
          '--scaler',
          scaler.address,
          '--metadata',
          metadataFile('tls.json', good),
          ...flags,
        );
        scaler.stop();
        expect(points[11]).toMatchObject({ number: 12, verdict });
      }
    },
  );

  it('says when nothing answers, and what is wrong with the flags', async () => {
    const stopped = await startScaler(faultless);
    stopped.stop();
    expect((await examine('--scaler', stopped.address)).error).toMatchObject({ code: 'source-unreachable' });
    const { error } = await examine(
      '--scaler',
      'scaler',
      '--zero',
      'novalue',
      '--tls-client-key',
      'none.key',
    );
    expect(String(error)).toMatch(/--scaler: "scaler" must be host:port/);
  });
});
