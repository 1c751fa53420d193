import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { afterEach, expect, it } from 'vitest';
import { ExternalScaler } from '../../../../src/platform/protocol/external-scaler.ts';
import { startGrpcServer } from '../../../../src/scaler/server.ts';
import type { ScalerService } from '../../../../src/scaler/service.ts';

const headers = {
  ':method': 'POST',
  ':path': '/externalscaler.ExternalScaler/IsActive',
  'content-type': 'application/grpc',
  te: 'trailers',
};
type Done = (error: object | null, answer?: object) => void;

const opened: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A server whose answers about `held` never come, and a connection to it. */
async function open({ maxPushed }: { readonly maxPushed: number }) {
  const asked = { held: 0 };
  const service = {
    handlers: {
      IsActive({ request }: { readonly request: { readonly name: string } }, done: Done) {
        if (request.name === 'held') asked.held++;
        else done(null, { result: true });
      },
      GetMetricSpec: () => undefined,
      GetMetrics: () => undefined,
      StreamIsActive: () => undefined,
    },
    openStreams: () => 0,
    endStreams: () => undefined,
  };
  const server = await startGrpcServer('127.0.0.1:0', service as unknown as ScalerService, { maxPushed });
  const session = connect(`http://127.0.0.1:${server.port}`);
  opened.push(
    () => server.close(100),
    () => session.destroy(),
  );
  session.on('error', () => undefined);
  await once(session, 'remoteSettings');
  return { session, asked };
}

function call(session: ClientHttp2Session, name: string): ClientHttp2Stream {
  const message = ExternalScaler.service.IsActive.requestSerialize({ namespace: 'a', name });
  const framed = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
  const stream = session.request(headers, { endStream: false });
  stream.on('error', () => undefined).end(framed);
  return stream;
}

async function cancelled(calls: readonly ClientHttp2Stream[]): Promise<void> {
  for (const stream of calls) stream.close(constants.NGHTTP2_CANCEL);
  await expect
    .poll(() => calls.every(({ destroyed }) => destroyed), { interval: 5, timeout: 10_000 })
    .toBe(true);
}

it('answers over a connection on which three thousand calls were cancelled at once', async () => {
  const { session, asked } = await open({ maxPushed: 3_000 });
  const calls = Array.from({ length: 3_000 }, () => call(session, 'held'));
  await expect.poll(() => asked.held, { timeout: 20_000 }).toBe(calls.length);
  await cancelled(calls);
  for (let times = 0; times < 20; times++) {
    const next = call(session, 'app');
    const [trailers] = (await once(next.resume(), 'trailers')) as [Record<string, string>];
    expect(trailers['grpc-status']).toBe('0');
  }
  expect(session.destroyed).toBe(false);
}, 30_000);

it('ends a connection on which calls are begun and cancelled without end', async () => {
  const { session, asked } = await open({ maxPushed: 10 });
  for (let calls = 500; calls < 20_000 && !session.destroyed; calls += 500) {
    const round = Array.from({ length: 500 }, () => call(session, 'held'));
    const areAsked = () => session.destroyed || asked.held === calls;
    await expect.poll(areAsked, { interval: 5, timeout: 10_000 }).toBe(true);
    await cancelled(round);
  }
  expect(session.destroyed).toBe(true);
}, 30_000);
