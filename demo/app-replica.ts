import { fileURLToPath } from 'node:url';
import { type RunningProgram, startServerProcess } from '../tools/programs/server-process.ts';
import type { DemoOptions } from './options.ts';
import { scenario } from './scenario.ts';

const appName = 'app-a';
const appMain = fileURLToPath(new URL('../src/telemetry-app/main.ts', import.meta.url));

/** Starts one process of the telemetry app, with a capacity, a bounded queue and the slow start of the scenario. */
export function startAppReplica(
  readyDelaySeconds: number,
  { env, seed }: Pick<DemoOptions, 'env' | 'seed'>,
): Promise<RunningProgram> {
  return startServerProcess({
    name: appName,
    path: process.execPath,
    args: () => [appMain],
    env: (port) => ({
      ...withoutApp(env),
      APP_NAME: appName,
      APP_HOST: '127.0.0.1',
      APP_PORT: String(port),
      APP_SEED: String(seed),
      APP_LATENCY: String(scenario.latencyMs),
      APP_CAPACITY_RPS: String(scenario.capacityRequestsPerSecond),
      APP_QUEUE_LIMIT: String(scenario.queueLimit),
      APP_READY_DELAY_SECONDS: String(readyDelaySeconds),
      APP_WARM_UP_SECONDS: String(scenario.warmUpSeconds),
      APP_LOG_LEVEL: 'error',
      APP_DRAIN_SECONDS: '0',
    }),
    readyPath: '/readyz',
  });
}

/** The environment without variables of the telemetry app, which the user may have set for another one. */
function withoutApp(env: DemoOptions['env']): DemoOptions['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('APP_')));
}
