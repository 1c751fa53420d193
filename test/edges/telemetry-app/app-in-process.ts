import { silentLogger } from '../../../src/platform/log.ts';
import { createTelemetryApp, type TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { systemTimers } from '../../../src/telemetry-app/capacity/timers.ts';
import { readEnvironment } from '../../../src/telemetry-app/environment.ts';
import { Registry } from '../../../src/telemetry-app/metrics/metrics.ts';
import { noTracing } from '../../../src/telemetry-app/tracing/tracing.ts';

/** An app that does not listen. By default it has no latency, no errors, no destination, and a clock at a Friday noon. */
export function buildApp(options: Partial<TelemetryAppOptions> = {}) {
  return createTelemetryApp({
    ...readEnvironment({ APP_NAME: 'a', APP_HOST: '127.0.0.1' }),
    version: '1.2.3',
    instance: 'a-1',
    tracing: noTracing,
    seed: 1,
    registry: new Registry(),
    clock: () => Date.UTC(2026, 2, 6, 12) / 1000,
    delay: () => Promise.resolve(),
    timers: systemTimers,
    log: silentLogger,
    ...options,
  });
}

type App = ReturnType<typeof buildApp>;

export const postChain = (app: App, chain: unknown, headers: Record<string, string> = {}) =>
  app.server.inject({
    method: 'POST',
    url: '/process',
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(chain),
  });

/** The samples of a scrape, by series as it is written: `name{labels}` → value. */
export async function scrape(app: App): Promise<ReadonlyMap<string, number>> {
  const exposition = (await app.server.inject('/metrics')).body;
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
