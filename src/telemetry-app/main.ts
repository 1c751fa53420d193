import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../platform/clock.ts';
import { toForescaleError } from '../platform/errors.ts';
import { createLogger } from '../platform/log.ts';
import { stopOnInterrupt } from '../platform/process/interrupt.ts';
import { version } from '../platform/process/version.ts';
import { createTelemetryApp } from './app.ts';
import { systemTimers } from './capacity/timers.ts';
import { type Environment, misspeltVariables, readEnvironment } from './environment.ts';
import { longestFaultMs } from './faults/fault-schemas.ts';
import { longestWaitMs } from './faults/latency-distribution.ts';
import { answerArguments } from './help.ts';
import { addProcessMetrics, Registry } from './metrics/metrics.ts';
import { noTracing, type Tracing } from './tracing/tracing.ts';

/** Time that closing may take beyond the drain and the slowest request. */
const spareMs = 5_000;

answerArguments(process.argv.slice(2));
const environment = readOrExit();
const { name, host, port, drainSeconds, destinations, errorPercent, maxLatencyMs } = environment;
const log = createLogger({ name, level: environment.logLevel });
for (const misspelt of misspeltVariables(process.env)) log.warn(misspelt, 'unknown-variable');

const registry = new Registry();
const instance = `${hostname()}:${process.pid}`;
const tracing = await startTracing();
const seed = environment.seed ?? randomInt(2 ** 32);
const app = createTelemetryApp({
  ...environment,
  seed,
  version,
  instance,
  tracing,
  registry,
  clock: systemClock,
  delay: (milliseconds) => delay(milliseconds),
  timers: systemTimers,
  log,
});
addProcessMetrics(registry);
stopInOrder(drainSeconds * 1000 + longestRequestMs(environment) + spareMs);
try {
  await app.server.listen({ host, port });
} catch (error) {
  log.error({ host, port, error: String(error), remedy: 'set APP_HOST and APP_PORT' }, 'listen-failed');
  process.exit(1);
}
// The line says that the app is ready, and on which port when port 0 was asked for.
const bound = app.server.server.address();
const at = typeof bound === 'object' && bound !== null ? { address: bound.address, port: bound.port } : {};
log.info({ ...at, instance, destinations, errorPercent, maxLatencyMs, seed }, 'listening');

/** Loads the SDK only where traces are wanted: it costs a fifth of a second and 20 MB. */
async function startTracing(): Promise<Tracing> {
  const { otlpEndpoint: endpoint } = environment;
  if (endpoint === undefined) return noTracing;
  const { createOtelTracing } = await import('./tracing/otel-tracing.ts');
  return createOtelTracing({ endpoint, app: name, version, instance, clock: systemClock, log });
}

/** The settings. When any is wrong, logs all field errors and ends the process. */
function readOrExit(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    const { message, fieldErrors: faults } = toForescaleError(error);
    const errors = createLogger({ name: 'telemetry-app', level: 'error' });
    errors.error({ faults, error: message }, 'environment-refused');
    return process.exit(2);
  }
}

/** At a signal, drains and then closes. After an error that nobody caught, closes at once. */
function stopInOrder(limitMs: number): void {
  const onFailure = (error: unknown) => log.error({ limitMs, error: String(error) }, 'closing-failed');
  stopOnInterrupt(
    async ({ signal, error }) => {
      const stack = error instanceof Error ? error.stack : String(error);
      if (signal === undefined) log.error({ stack }, 'crashed');
      log.info({ signal, drainSeconds }, 'draining');
      app.drain();
      if (signal !== undefined) await delay(drainSeconds * 1000);
      await app.close();
      await tracing.close();
      log.info({}, 'closed');
    },
    { limitMs, onFailure },
  );
}

/** Longest time a request may take: its wait for a turn, latency and errors injected by settings or at run time, its calls. */
function longestRequestMs(settings: Environment): number {
  const { latencyDistribution, errorDelayMs, queueTimeoutMs, timeoutMs, callMode } = settings;
  const latencyMs = latencyDistribution === undefined ? maxLatencyMs : longestWaitMs(latencyDistribution);
  const callsInTurn = callMode === 'sequential' ? Math.max(1, destinations?.length ?? 0) : 1;
  return queueTimeoutMs + Math.max(latencyMs, longestFaultMs) + errorDelayMs + timeoutMs * callsInTurn;
}
