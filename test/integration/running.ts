import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../src/platform/log.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { type RunningServer, startServer } from '../../src/server/start.ts';

/** Starts the server on free loopback ports with a configuration text (YAML). */
export function startTestServer(prometheusUrl: string | undefined, yaml = ''): Promise<RunningServer> {
  return startServer({
    grpcAddress: '127.0.0.1:0',
    httpAddress: '127.0.0.1:0',
    prometheusUrl,
    file: parseServerFile(yaml, 'test'),
    apiTokenFile: undefined,
    stateDirectory: undefined,
    mode: 'active',
    version: 'test',
    log: silentLogger,
  });
}

/** Polls until something holds; fails with what was last seen after 30 s. */
export async function eventually<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadlineMs = performance.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadlineMs)
      throw new Error(`did not come true within 30 s: ${JSON.stringify(seen)}`);
    await sleep(50);
  }
}
