import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../programs/find-program.ts';
import { type RunningProgram, startServerProcess } from '../../programs/server-process.ts';

/** A registry that runs; `host` is what images of it begin with. */
export interface RunningRegistry extends RunningProgram {
  readonly host: string;
}

/**
 * Starts a registry on a free port of 127.0.0.1, which keeps everything in a temporary folder. It ends with this process at the
 * latest, however that ends, and its folder with it.
 */
export async function startRegistry(
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<RunningRegistry> {
  const say = () => console.error('  building a registry, once; takes a while');
  const { path } = await findProgram('registry', env, say, signal);
  const running = await startServerProcess({
    name: 'registry',
    path,
    args: (port, folder) => {
      const config = join(folder, 'config.json');
      // JSON is YAML. Nothing is told to anybody: no traces, no notifications.
      const settings = {
        version: 0.1,
        log: { level: 'warn', accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: join(folder, 'data') } },
        http: { addr: `127.0.0.1:${port}` },
      };
      writeFileSync(config, JSON.stringify(settings));
      return ['serve', config];
    },
    env: () => ({ PATH: env['PATH'], OTEL_TRACES_EXPORTER: 'none' }),
    readyPath: '/v2/',
  });
  return { ...running, host: `127.0.0.1:${running.port}` };
}
