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
import { helpText, noArguments } from './help.ts';
import { addProcessMetrics, Registry } from './metrics/metrics.ts';
import { noTracing, type Tracing } from './tracing/tracing.ts';

/** Time that closing may take beyond the drain and the slowest request. */
const spareMs = 5_000;

answerArguments(process.argv.slice(2));
const environment = readOrExit();
const log = createLogger({ name: environment.name, level: environment.logLevel });
for (const misspelt of misspeltVariables(process.env)) log.warn(misspelt, 'unknown-variable');

const registry = new Registry();
const instance = `${hostname()}:${process.pid}`;
const tracing = await startTracing(environment);
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
stopInOrder(environment);
await listen(environment);

/** The app takes no arguments. Given any, it explains itself instead of starting. */
function answerArguments(given: readonly string[]): void {
  if (given.length === 0) return;
  const isAsked = given.some((one) => one === '--help' || one === '-h');
  if (isAsked) process.stdout.write(helpText());
  else process.stderr.write(`${given.join(' ')}: ${noArguments}\n`);
  process.exit(isAsked ? 0 : 2);
}

/** Loads the SDK only where traces are wanted: it costs a fifth of a second and 20 MB. */
async function startTracing({ name, otlpEndpoint }: Environment): Promise<Tracing> {
  if (otlpEndpoint === undefined) return noTracing;
  const { createOtelTracing } = await import('./tracing/otel-tracing.ts');
  return createOtelTracing({ endpoint: otlpEndpoint, app: name, version, instance, clock: systemClock, log });
}

/** The settings. When any is wrong, logs all field errors and ends the process. */
function readOrExit(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    const { message, fieldErrors: faults } = toForescaleError(error);
    createLogger({ name: 'telemetry-app', level: 'error' }).error(
      { faults, error: message },
      'environment-refused',
    );
    return process.exit(2);
  }
}

/** At a signal, drains and then closes. After an error that nobody caught, closes at once. */
function stopInOrder(settings: Environment): void {
  const { drainSeconds, queueTimeoutMs, timeoutMs, destinations = [], callMode } = settings;
  const callsInTurn = callMode === 'sequential' ? Math.max(1, destinations.length) : 1;
  const limitMs =
    drainSeconds * 1000 + queueTimeoutMs + longestDelayMs(settings) + timeoutMs * callsInTurn + spareMs;
  const onFailure = (error: unknown) => log.error({ limitMs, error: String(error) }, 'closing-failed');
  stopOnInterrupt(
    async ({ signal, error }) => {
      if (signal === undefined) log.error({ stack: stackOf(error) }, 'crashed');
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

/** Longest time that latency and injected errors may make a request wait, by the environment or by a fault asked for. */
function longestDelayMs({ maxLatencyMs, latencyDistribution, errorDelayMs }: Environment): number {
  const latencyMs = latencyDistribution === undefined ? maxLatencyMs : longestWaitMs(latencyDistribution);
  return Math.max(latencyMs, longestFaultMs) + errorDelayMs;
}

/** Listens and logs where. The line says that the app is ready, and on which port when port 0 was asked for. */
async function listen({ host, port, destinations, errorPercent, maxLatencyMs }: Environment): Promise<void> {
  try {
    await app.server.listen({ host, port });
  } catch (error) {
    log.error({ host, port, error: String(error), remedy: 'set APP_HOST and APP_PORT' }, 'listen-failed');
    process.exit(1);
  }
  const bound = app.server.server.address();
  const at = typeof bound === 'object' && bound !== null ? { address: bound.address, port: bound.port } : {};
  log.info({ ...at, instance, destinations, errorPercent, maxLatencyMs, seed }, 'listening');
}

function stackOf(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? String(error);
}
