import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../platform/clock.ts';
import { toForescaleError } from '../platform/errors.ts';
import { createLogger, type Logger } from '../platform/log.ts';
import { version } from '../platform/version.ts';
import { createTelemetryApp, type TelemetryApp } from './app.ts';
import { type Environment, misspeltVariables, readEnvironment } from './environment.ts';
import { longestFaultMs } from './faults/fault-schemas.ts';
import { longestWaitMs } from './faults/latency-distribution.ts';
import { helpText, noArguments } from './help.ts';
import { addProcessMetrics, Registry } from './metrics/metrics.ts';
import { systemTimers } from './timers.ts';
import { noTracing, type Tracing } from './tracing/tracing.ts';

/** What closing may take beyond the drain and the slowest request. */
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
closeOnSignal(app, environment, log);
await listen(app, environment, log);

/** Started by hand with any, the app says what it is instead of starting. */
function answerArguments(given: readonly string[]): void {
  if (given.length === 0) return;
  const isAsked = given.some((one) => one === '--help' || one === '-h');
  if (isAsked) process.stdout.write(helpText());
  else process.stderr.write(`${given.join(' ')}: ${noArguments}\n`);
  process.exit(isAsked ? 0 : 2);
}

/** The SDK costs a fifth of a second and 20 MB: only whoever wants traces pays for it. */
async function startTracing({ name, otlpEndpoint }: Environment): Promise<Tracing> {
  if (otlpEndpoint === undefined) return noTracing;
  const { createOtelTracing } = await import('./tracing/otel-tracing.ts');
  return createOtelTracing({ endpoint: otlpEndpoint, app: name, version, instance, clock: systemClock, log });
}

/** The settings, or an end that lists everything wrong with them. */
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

function closeOnSignal({ drain, close }: TelemetryApp, settings: Environment, log: Logger): void {
  const { drainSeconds, queueTimeoutMs, timeoutMs, destinations = [], callMode } = settings;
  const callsInTurn = callMode === 'sequential' ? Math.max(1, destinations.length) : 1;
  const longestMs =
    drainSeconds * 1000 + queueTimeoutMs + longestDelayMs(settings) + timeoutMs * callsInTurn + spareMs;
  const onTimeout = () => log.error({ longestMs }, 'closing-took-too-long');
  closeWithGrace({ delay: longestMs, logger: false, onTimeout }, async ({ signal, err }) => {
    if (err !== undefined) log.error({ stack: err.stack }, 'crashed');
    log.info({ signal, drainSeconds }, 'draining');
    drain();
    if (err === undefined) await delay(drainSeconds * 1000);
    await close();
    await tracing.close();
    log.info({}, 'closed');
  });
}

/** What latency and injected errors may make a request wait; it may have asked for a fault, or an operator did. */
function longestDelayMs(settings: Environment): number {
  const { maxLatencyMs, latencyDistribution, errorDelayMs } = settings;
  const latencyMs = latencyDistribution === undefined ? maxLatencyMs : longestWaitMs(latencyDistribution);
  return Math.max(latencyMs, longestFaultMs) + errorDelayMs;
}

/** Listens and logs where: the line that says the app is ready, and on which port when any was asked for. */
async function listen({ server }: TelemetryApp, settings: Environment, log: Logger): Promise<void> {
  const { host, port, destinations, errorPercent, maxLatencyMs } = settings;
  try {
    await server.listen({ host, port });
  } catch (error) {
    log.error({ host, port, error: String(error), remedy: 'set APP_HOST and APP_PORT' }, 'listen-failed');
    process.exit(1);
  }
  log.info({ ...boundTo(server), instance, destinations, errorPercent, maxLatencyMs, seed }, 'listening');
}

function boundTo(server: FastifyInstance): { address: string; port: number } | undefined {
  const bound = server.server.address();
  return typeof bound === 'object' && bound !== null
    ? { address: bound.address, port: bound.port }
    : undefined;
}
