import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { startHttp } from '../../edges/telemetry-app/fake-upstream.ts';
import { type AppProcess, startAppUntil } from './app-process.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(environment: Record<string, string>): Promise<{ app: AppProcess; agent: Agent }> {
  const app = await startAppUntil(opened, environment);
  const agent = new Agent();
  opened.push(() => agent.destroy());
  return { app, agent };
}

async function get(app: AppProcess, path: string, dispatcher?: Agent) {
  const options = dispatcher === undefined ? {} : { dispatcher };
  const { statusCode, body } = await request(app.url + path, options);
  return { status: statusCode, body: await body.text() };
}

const queued = async (app: AppProcess) =>
  Number(/^app_requests_queued (\d+)$/m.exec((await get(app, '/metrics')).body)?.[1]);

describe('an app told to end while requests wait for their turn', () => {
  it('is alive but not ready, serves them at its pace, and exits with 0', async () => {
    const drainIsOver = Promise.withResolvers<void>();
    const upstream = await startHttp(
      (_, response) => void drainIsOver.promise.then(() => response.end('["a"]')),
    );
    opened.push(upstream.stop);
    const { app, agent } = await start({
      APP_URL_DESTINO: upstream.url,
      APP_TIMEOUT_MS: '60000',
      APP_CAPACITY_RPS: '20',
      APP_CAPACITY_CONCURRENCY: '1',
      APP_QUEUE_LIMIT: '20',
      APP_QUEUE_TIMEOUT_MS: '60000',
      APP_DRAIN_SECONDS: '5',
    });
    const answers = Promise.all(Array.from({ length: 10 }, () => get(app, '/calls', agent)));
    await expect.poll(() => queued(app)).toBe(9);
    app.signal('SIGTERM');
    await expect.poll(async () => (await get(app, '/readyz')).status).toBe(503);
    expect((await get(app, '/healthz')).status).toBe(200);
    const isRefused = () =>
      get(app, '/healthz').then(
        () => false,
        () => true,
      );
    await expect.poll(isRefused).toBe(true);
    drainIsOver.resolve();
    expect((await answers).map(({ status }) => status)).toEqual(new Array(10).fill(200));
    expect(await app.exited).toBe(0);
    expect(app.lines.map(({ msg }) => msg)).toEqual(['listening', 'draining', 'closed']);
  });

  it('need not have become ready', async () => {
    const { app } = await start({ APP_READY_DELAY_SECONDS: '600' });
    expect(await get(app, '/readyz')).toEqual({ status: 503, body: '{"status":"starting"}' });
    expect((await get(app, '/')).status).toBe(503);
    expect((await get(app, '/healthz')).status).toBe(200);
    app.signal('SIGTERM');
    expect(await app.exited).toBe(0);
  });
});

describe('an app set up by environment', () => {
  it('takes orders for faults with its token alone, and keeps the token to itself', async () => {
    const { app } = await start({ APP_HOST: '0.0.0.0', APP_ADMIN_TOKEN: 'the-token-0123456789' });
    const order = async (authorization?: string) => {
      const { statusCode, body } = await request(`${app.url}/admin/faults`, {
        method: 'PUT',
        body: '{"preset":"outage"}',
        headers: authorization === undefined ? {} : { authorization },
      });
      return { status: statusCode, body: await body.text() };
    };
    expect((await order()).status).toBe(401);
    expect((await order('Bearer the-token-9876543210')).status).toBe(401);
    expect((await order('Bearer the-token-0123456789')).status).toBe(200);
    expect((await get(app, '/')).status).toBe(503);
    expect((await get(app, '/readyz')).status).toBe(200);
    expect(JSON.stringify(app.lines)).not.toContain('the-token');
  });
});
