import { credentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import { createScalerService, startGrpcServer, type Workloads } from '../../../src/scaler/index.ts';
import type { GrpcServer } from '../../../src/scaler/server.ts';

/** Workloads of which none is open, and whose opening never ends: as if there were no end of those to open before. */
function neverOpened() {
  const opening: string[] = [];
  const workloads = {
    opened: () => undefined,
    open({ name }: { readonly name: string }) {
      opening.push(name);
      return new Promise(() => undefined);
    },
  };
  return { workloads: workloads as unknown as Workloads, opening };
}

describe('a workload whose turn to be opened does not come', () => {
  const rpcs: string[] = [];
  const logged: object[] = [];
  const { workloads, opening } = neverOpened();
  const service = createScalerService({
    workloads,
    log: { ...silentLogger, warn: (fields) => logged.push(fields), error: (fields) => logged.push(fields) },
    onRpc: (method, code) => rpcs.push(`${method} ${code}`),
    monotonic: () => performance.now() / 1000,
  });
  let server: GrpcServer;
  let client: ExternalScalerClient;
  beforeEach(async () => {
    server = await startGrpcServer('127.0.0.1:0', service, { maxPushed: 10 });
    client = new ExternalScaler(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    await server.close(100);
  });
  const ref = (name: string) => ({ namespace: 'shop', name, scalerMetadata: {} });

  it('is unavailable for that reason, within the deadline of its RPC', async () => {
    const answers = ['first', 'second'].map(
      (name) =>
        new Promise<unknown>((resolve) => {
          client.GetMetrics({ scaledObjectRef: ref(name), metricName: '' }, (error) => resolve(error));
        }),
    );
    for (const error of await Promise.all(answers)) {
      expect(error).toMatchObject({
        code: status.UNAVAILABLE,
        details: expect.stringMatching(/^overloaded: shop\/\w+: nothing observed yet; .* turn .* ask again$/),
      });
    }
    expect(logged).toMatchObject([{ code: 'overloaded' }, { code: 'overloaded' }]);
    expect(rpcs).toEqual(['GetMetrics UNAVAILABLE', 'GetMetrics UNAVAILABLE']);
    expect(opening).toEqual(['first']);
  });

  it('keeps its stream, which waits without end, until the stream ends', async () => {
    const stream = client.StreamIsActive(ref('pushed'));
    const ended = new Promise<unknown>((resolve) => stream.on('error', resolve));
    await expect.poll(() => service.openStreams()).toBe(1);
    logged.length = 0;
    stream.cancel();
    expect(await ended).toMatchObject({ code: status.CANCELLED });
    await expect.poll(() => service.openStreams()).toBe(0);
    expect(logged).toEqual([]);
  });
});
