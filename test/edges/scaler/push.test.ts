import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { type ClientReadableStream, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import type { Workloads } from '../../../src/scaler/directory/workloads.ts';
import { createScalerService, createWorkloads, startGrpcServer } from '../../../src/scaler/index.ts';
import type { GrpcServer } from '../../../src/scaler/server.ts';
import type { ScalerService } from '../../../src/scaler/service.ts';
import { readTiming, workloadDefaults } from '../../../src/server/timing.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { withMethods } from '../../support/with-methods.ts';
import { createFakeModels, type FakeModels } from './fake-models.ts';

const heartbeatMs = 300;
const { numRuns: reconnects } = randomRuns('FORESCALE_RECONNECTS', 300);
/** Reconnections at the same time. */
const atOnce = 50;
const ref = { namespace: 'shop', name: 'web', scalerMetadata: { query: 'demand', threshold: '10' } };
const now = 1_000_000;
const day = 86_400;
const headers = {
  ':method': 'POST',
  ':path': '/externalscaler.ExternalScaler/StreamIsActive',
  'content-type': 'application/grpc',
  te: 'trailers',
};
/** The request on the wire: no compression, its length, itself. */
const request = ExternalScaler.service.StreamIsActive.requestSerialize(ref);
const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, request.length]), request]);

let models: FakeModels;
let service: ScalerService;
let server: GrpcServer;
let client: ExternalScalerClient;
let workloads: Workloads;
let monotonic: number;
/** Listeners of decisions that streams have, over all workloads. */
let listeners: number;

beforeEach(async () => {
  models = createFakeModels();
  listeners = 0;
  monotonic = 0;
  workloads = createWorkloads({
    models,
    defaults: workloadDefaults(readTiming()),
    maxWorkloads: 3_000,
    maxPerNamespace: 3_000,
    forgetAfterSeconds: day,
    clock: () => now,
    monotonic: () => monotonic,
    log: silentLogger,
    isForcedReactive: () => false,
  });
  service = createScalerService({
    workloads: counting(workloads),
    log: silentLogger,
    onRpc() {},
    monotonic: () => performance.now() / 1000,
    heartbeatMs,
  });
  server = await startGrpcServer('127.0.0.1:0', service, { maxPushed: 3_000 });
  client = new ExternalScaler(`127.0.0.1:${server.port}`, credentials.createInsecure());
});
afterEach(async () => {
  client.close();
  await server.close();
});

/** The workloads, whose listeners are counted. */
function counting(counted: Workloads): Workloads {
  return {
    ...counted,
    open(...args) {
      const workload = counted.open(...args);
      return withMethods(workload, {
        onDecision(listener) {
          const stop = workload.onDecision(listener);
          listeners++;
          return () => {
            listeners--;
            stop();
          };
        },
      });
    },
  };
}

interface Watched {
  readonly stream: ClientReadableStream<{ result: boolean }>;
  readonly said: boolean[];
  readonly first: Promise<boolean>;
  /** Name of the status with which the stream ended. */
  readonly ended: Promise<string>;
}

function watch(asked = ref, by = client): Watched {
  const stream = by.StreamIsActive(asked);
  const said: boolean[] = [];
  const first = new Promise<boolean>((resolve) => stream.once('data', ({ result }) => resolve(result)));
  stream.on('data', ({ result }: { result: boolean }) => void said.push(result));
  const ended = new Promise<string>((resolve) => {
    stream.on('error', ({ code }: ServiceError) => resolve(status[code] ?? String(code)));
    stream.on('end', () => resolve('OK'));
  });
  return { stream, said, first, ended };
}

function connectAlone(): ExternalScalerClient {
  return new ExternalScaler(`127.0.0.1:${server.port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
}

/** Opens and cancels a stream, and one that is reset before its first message, which the client of grpc-js does not send. */
async function reconnect(by: ExternalScalerClient, session: ClientHttp2Session): Promise<void> {
  const { stream, first, ended } = watch(ref, by);
  expect(await first).toBe(true);
  stream.cancel();
  expect(await ended).toBe('CANCELLED');
  const hasty = session.request(headers);
  hasty.on('error', () => undefined).resume();
  hasty.end(frame).close(constants.NGHTTP2_CANCEL);
  await new Promise((resolve) => hasty.once('close', resolve));
}

describe('a stream of an external-push trigger', () => {
  it('repeats that a workload is active, and not that it is inactive', async () => {
    models.observed = { value: 0, atSeconds: now };
    const asleep = watch();
    expect(await asleep.first).toBe(false);
    models.observed = { value: 5, atSeconds: now };
    const awake = watch({ ...ref, name: 'awake' });
    await expect.poll(() => awake.said.length).toBeGreaterThan(2);
    expect(new Set(awake.said)).toEqual(new Set([true]));
    expect(asleep.said).toEqual([false]);
    awake.stream.cancel();
    asleep.stream.cancel();
  });

  it('takes back no state by heartbeat after demand has gone', async () => {
    models.observed = { value: 5, atSeconds: now };
    const { stream, said } = watch();
    await expect.poll(() => said.length).toBeGreaterThan(2);
    models.observed = { value: 0, atSeconds: now };
    models.update();
    await expect.poll(() => said.at(-1)).toBe(false);
    const before = said.length;
    models.observed = { value: 7, atSeconds: now };
    models.update();
    await expect.poll(() => said.length).toBeGreaterThan(before);
    expect(said.slice(before).every((active) => active)).toBe(true);
    stream.cancel();
  });

  it('counts as asking, also while the workload is asleep', async () => {
    models.observed = { value: 0, atSeconds: now };
    const { stream, first } = watch();
    expect(await first).toBe(false);
    monotonic += 0.9 * day;
    await expect.poll(() => workloads.refs()[0]?.askedSecondsAgo).toBe(0);
    monotonic += 0.9 * day;
    workloads.forgetIdle();
    expect(workloads.list()).toHaveLength(1);
    stream.cancel();
  });

  it('ends when its workload is closed, so that KEDA opens both anew', async () => {
    models.observed = { value: 0, atSeconds: now };
    const { first, ended } = watch();
    expect(await first).toBe(false);
    monotonic += 2 * day;
    workloads.forgetIdle();
    expect(await ended).toBe('OK');
    const again = watch();
    expect(await again.first).toBe(false);
    expect(workloads.list()).toHaveLength(1);
    again.stream.cancel();
  });

  it(`leaves nothing behind over ${reconnects} reconnections`, { timeout: 600_000 }, async () => {
    models.observed = { value: 5, atSeconds: now };
    // Each batch has connections of its own: Node ends one on which more than a thousand streams are reset in a row.
    for (let done = 0; done < reconnects; done += atOnce) {
      const session = connect(`http://127.0.0.1:${server.port}`);
      const by = connectAlone();
      await Promise.all(
        Array.from({ length: Math.min(atOnce, reconnects - done) }, () => reconnect(by, session)),
      );
      by.close();
      session.close();
    }
    await expect.poll(() => [service.openStreams(), listeners]).toEqual([0, 0]);
    expect(models.requests).toHaveLength(1);
  });

  it('leaves nothing behind when its connection breaks', async () => {
    models.observed = { value: 5, atSeconds: now };
    const broken = connectAlone();
    const streams = Array.from({ length: 20 }, () => broken.StreamIsActive(ref));
    for (const stream of streams) stream.on('error', () => undefined).resume();
    await expect.poll(() => [service.openStreams(), listeners]).toEqual([20, 20]);
    broken.close();
    for (const stream of streams) stream.cancel();
    await expect.poll(() => [service.openStreams(), listeners]).toEqual([0, 0]);
  });

  it('leaves nothing behind where it is refused', async () => {
    const bad = watch({ ...ref, scalerMetadata: { ...ref.scalerMetadata, threshold: 'ten' } });
    expect(await bad.ended).toBe('INVALID_ARGUMENT');
    await expect.poll(() => [service.openStreams(), listeners]).toEqual([0, 0]);
  });

  it('ends cleanly with the server, however many there are, and leaves nothing behind', async () => {
    models.observed = { value: 5, atSeconds: now };
    const many: Watched[] = [];
    // In batches, because more than a thousand requests at once that have not arrived are taken for an attack.
    for (let batch = 0; batch < 3; batch++) {
      const next = Array.from({ length: 500 }, (_, i) => watch({ ...ref, name: `web-${batch}-${i}` }));
      await Promise.all(next.map(({ first }) => first));
      many.push(...next);
    }
    // There is still room on the connection for a poll.
    const answer = new Promise((resolve) => client.IsActive(ref, (_error, seen) => resolve(seen)));
    expect(await answer).toEqual({ result: true });
    expect([service.openStreams(), listeners]).toEqual([1_500, 1_500]);
    await server.close();
    expect(new Set(await Promise.all(many.map(({ ended }) => ended)))).toEqual(new Set(['OK']));
    expect([service.openStreams(), listeners]).toEqual([0, 0]);
  });
});
