import { toForescaleError } from '../src/platform/errors.ts';
import { catchInterrupt, interruptedExitCode } from '../src/platform/process/interrupt.ts';
import { manifestSchemas } from './manifests/manifest-schemas.ts';
import { findProgram, type ProgramName } from './programs/find-program.ts';

/**
 * Fetches the programs that `make test`, `make demo` and `make load` start, so that they work offline afterwards: those
 * named on the command line, else those that the demo and most tests need. A program that is not available is reported and is
 * no failure: tests that need it are skipped with the same message, and the demo and the load tests repeat it. `schemas` stands
 * for those of Kubernetes manifests.
 */
const named = process.argv.slice(2) as readonly (ProgramName | 'schemas')[];
const wanted: readonly (ProgramName | 'schemas')[] =
  named.length > 0 ? named : ['prometheus', 'promtool', 'victoria-metrics', 'influxd'];
const foundAs = { path: 'on PATH', cache: 'fetched earlier', fetched: 'fetched now' } as const;

const { signal } = catchInterrupt();

// One after the other: prometheus and promtool come in the same package.
for (const name of wanted) {
  const say = (what: string, more: string) => console.error(`${name.padEnd(24)}${what.padEnd(18)}${more}`);
  try {
    const fetching = () => say('fetching', 'once; takes a while');
    const { path, from } =
      name === 'schemas'
        ? await manifestSchemas(process.env, fetching, signal)
        : await findProgram(name, process.env, fetching, signal);
    console.log(`${name.padEnd(24)}${foundAs[from].padEnd(18)}${path}`);
  } catch (thrown) {
    if (signal.aborted) process.exit(interruptedExitCode);
    say('missing', toForescaleError(thrown).message);
  }
}
