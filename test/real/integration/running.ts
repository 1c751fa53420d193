import { silentLogger } from '../../../src/platform/log.ts';
import { parseServerFile } from '../../../src/server/config.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../../src/server/start.ts';

/** Starts the server on free loopback ports with a configuration text (YAML). */
export function startTestServer(
  prometheusUrl: string | undefined,
  yaml = '',
  more: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  return startServer({
    grpcAddress: '127.0.0.1:0',
    httpAddress: '127.0.0.1:0',
    prometheusUrl,
    file: parseServerFile(yaml, 'test'),
    apiTokenFile: undefined,
    stateDir: undefined,
    mode: 'active',
    version: 'test',
    log: silentLogger,
    ...more,
  });
}
