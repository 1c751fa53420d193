import { findProgram } from './find-program.ts';
import type { ProgramEnvironment } from './program.ts';
import { type RunningProgram, startServerProcess } from './server-process.ts';

/** Starts a real single-node VictoriaMetrics on a free loopback port with a data folder of its own. */
export async function startVictoriaMetrics(options: {
  readonly env: ProgramEnvironment;
}): Promise<RunningProgram> {
  const { path } = await findProgram('victoria-metrics', options.env);
  return startServerProcess({
    name: 'victoria-metrics',
    path,
    readyPath: '/health',
    args: (port, dataFolder) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${dataFolder}`,
      // In months, which is its default unit.
      '-retentionPeriod=12',
      // By default its caches take 60 % of the machine's memory.
      '-memory.allowedBytes=256MB',
      '-loggerLevel=WARN',
    ],
  });
}
