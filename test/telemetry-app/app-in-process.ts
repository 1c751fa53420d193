import { silentLogger } from '../../src/platform/log.ts';
import { createTelemetryApp, type TelemetryAppOptions } from '../../src/telemetry-app/app.ts';
import { Registry } from '../../src/telemetry-app/metrics.ts';
import { systemTimers } from '../../src/telemetry-app/timers.ts';

/** An app that does not listen: no latency, no errors, no destination, and a clock at a Friday noon, unless told otherwise. */
export function buildApp(options: Partial<TelemetryAppOptions> = {}) {
  return createTelemetryApp({
    name: 'a',
    version: '1.2.3',
    destination: undefined,
    errorPercent: 0,
    maxLatencyMs: 0,
    timeoutMs: 5_000,
    historicalPeak: 100,
    latencyDistribution: undefined,
    errorKinds: [{ failure: { kind: 'status', status: 500 }, weight: 1 }],
    errorDelayMs: 3000,
    cpuMs: 0,
    memoryMib: 0,
    faultHeaders: 'off',
    adminToken: undefined,
    adminTokenFromFile: undefined,
    host: '127.0.0.1',
    capacityRps: undefined,
    capacityConcurrency: undefined,
    queueLimit: undefined,
    queueTimeoutMs: 2000,
    readyDelaySeconds: 0,
    warmUpSeconds: 0,
    warmUpFactor: 0.3,
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
