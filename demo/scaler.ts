import { formatDuration } from '../src/platform/duration.ts';
import { toForescaleError } from '../src/platform/errors.ts';
import { version } from '../src/platform/process/version.ts';
import { type RunningServer, type ServerOptions, startServer } from '../src/server/start.ts';
import type { DemoOptions } from './options.ts';
import { createDemoPage, type DemoPageSource } from './page/plugin.ts';
import { scenario } from './scenario.ts';

/** Starts the scaler with the demo's page, on port 8080 where that is free, else on any port. */
export async function startScaler(
  prometheusUrl: string,
  page: DemoPageSource,
  { log, onProgress }: Pick<DemoOptions, 'log' | 'onProgress'>,
): Promise<RunningServer> {
  const settings: ServerOptions = {
    grpcAddress: '127.0.0.1:0',
    httpAddress: '127.0.0.1:8080',
    file: {
      timing: {
        refreshInterval: formatDuration(scenario.refreshIntervalSeconds),
        freshAge: formatDuration(scenario.refreshIntervalSeconds * 4),
        scrapeInterval: formatDuration(scenario.scrapeIntervalSeconds),
        kedaPollingInterval: formatDuration(scenario.kedaPollingSeconds),
        hpaSyncInterval: formatDuration(scenario.hpaSyncSeconds),
      },
    },
    prometheusUrl,
    apiTokenFile: undefined,
    stateDir: undefined,
    mode: 'active',
    version,
    log,
    plugins: [createDemoPage(page)],
  };
  try {
    return await startServer(settings);
  } catch (error) {
    if (!toForescaleError(error).message.includes('EADDRINUSE')) throw error;
    onProgress('port 8080 is taken: the page gets another one');
    return startServer({ ...settings, httpAddress: '127.0.0.1:0' });
  }
}
