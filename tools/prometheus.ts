import { once } from 'node:events';
import { toForescaleError } from '../src/platform/errors.ts';
import { catchInterrupt, interruptedExitCode } from '../src/platform/process/interrupt.ts';
import { findProgram } from './programs/find-program.ts';
import { isFreePort } from './programs/free-port.ts';
import { startPrometheus } from './programs/prometheus.ts';

/**
 * `npm run prometheus [-- PORT]`: an empty Prometheus on this machine, for trying things out. It takes what `forescale seed` writes, and
 * forgets it when Ctrl-C ends it.
 */
const port = Number(process.argv[2] ?? 9090);
const { signal } = catchInterrupt();

async function run(): Promise<number> {
  const say = () => console.error('fetching prometheus, once; this takes a while');
  await findProgram('prometheus', process.env, say, signal);
  if (!(await isFreePort(port))) {
    console.error(`port ${port} of 127.0.0.1 is taken; say another: npm run prometheus -- 9091`);
    return 1;
  }
  const prometheus = await startPrometheus({ env: process.env, port });
  console.log(`Prometheus answers on ${prometheus.url}; Ctrl-C ends it and removes its data`);
  if (!signal.aborted) await once(signal, 'abort');
  await prometheus.stop();
  return 0;
}

process.exitCode = await run().catch((thrown: unknown) => {
  if (signal.aborted) return interruptedExitCode;
  console.error(toForescaleError(thrown).message);
  return 1;
});
