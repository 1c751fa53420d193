import { once } from 'node:events';
import { toForescaleError } from '../src/platform/errors.ts';
import { catchInterrupt } from '../src/platform/process/interrupt.ts';
import { findProgram } from './programs/find-program.ts';
import { startPrometheus } from './programs/prometheus.ts';

/**
 * `npm run prometheus [-- PORT]`: an empty Prometheus on this machine, for trying things out. It takes what `forescale seed` writes, and
 * forgets it when Ctrl-C ends it.
 */
const port = Number(process.argv[2] ?? 9090);
const { signal } = catchInterrupt();
try {
  const say = () => console.error('fetching prometheus, once; this takes a while');
  await findProgram('prometheus', process.env, say, signal);
  const prometheus = await startPrometheus({ env: process.env, port });
  console.log(`Prometheus answers on ${prometheus.url}; Ctrl-C ends it and removes its data`);
  if (!signal.aborted) await once(signal, 'abort');
  await prometheus.stop();
} catch (thrown) {
  console.error(
    `${toForescaleError(thrown).message}\nwhere the port is taken, say another: npm run prometheus -- 9091`,
  );
  process.exitCode = 1;
}
