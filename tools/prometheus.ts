import { once } from 'node:events';
import type { CommandIo } from '../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../src/cli/flags.ts';
import { ownCommand, runAlone } from '../src/cli/own-program.ts';
import { whole } from '../src/platform/setting-values.ts';
import { findProgram } from './programs/find-program.ts';
import { isFreePort } from './programs/free-port.ts';
import { startPrometheus } from './programs/prometheus.ts';

const flags = {
  port: {
    name: 'port',
    isArgument: true,
    value: 'port',
    meaning: 'port of 127.0.0.1',
    default: '9090',
    ...whole({ from: 1, to: 65_535 }),
  },
} as const satisfies FlagTable;

async function run({ values: { port } }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { env, signal } = io;
  const say = () => io.stderr('fetching prometheus, once; this takes a while\n');
  await findProgram('prometheus', env, say, signal);
  if (!(await isFreePort(port)))
    throw new Error(`port ${port} of 127.0.0.1 is taken; say another: npm run prometheus -- 9091`);
  const prometheus = await startPrometheus({ env, port });
  io.stdout(`Prometheus answers on ${prometheus.url}; Ctrl-C ends it and removes its data\n`);
  if (signal?.aborted === false) await once(signal, 'abort');
  await prometheus.stop();
}

await runAlone(
  ownCommand({
    name: 'prometheus',
    description: 'start an empty Prometheus on this machine, for trying things out, until Ctrl-C',
    flags,
    notes: 'It takes what `forescale seed` writes, and forgets it when it ends.',
    examples: ['npm run prometheus', 'npm run prometheus -- 9091'],
    act: run,
  }),
);
