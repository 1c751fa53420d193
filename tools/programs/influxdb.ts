import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import type { ProgramEnvironment } from './program.ts';
import { type RunningProgram, startServerProcess } from './server-process.ts';

/** Starts a real InfluxDB 1 on a free loopback port with a data folder of its own. */
export async function startInfluxDb(options: { readonly env: ProgramEnvironment }): Promise<RunningProgram> {
  const { path } = await findProgram('influxd', options.env);
  return startServerProcess({
    name: 'influxdb',
    path,
    readyPath: '/ping',
    args: async (port, dataFolder) => {
      const configFile = join(dataFolder, 'influxdb.conf');
      await writeFile(configFile, influxDbConfig(port, dataFolder));
      return ['-config', configFile];
    },
  });
}

/** An InfluxDB configuration in TOML; JSON writes a text as TOML does. */
function influxDbConfig(port: number, dataFolder: string): string {
  const text = JSON.stringify;
  return `
reporting-disabled = true
# The port for backups; any free one.
bind-address = "127.0.0.1:0"
[meta]
dir = ${text(join(dataFolder, 'meta'))}
[data]
dir = ${text(join(dataFolder, 'data'))}
wal-dir = ${text(join(dataFolder, 'wal'))}
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
[logging]
level = "warn"
`;
}
