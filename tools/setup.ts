import { toForescaleError } from '../src/platform/errors.ts';
import { catchInterrupt, interruptedExitCode } from '../src/platform/process/interrupt.ts';
import { manifestSchemas } from './manifests/manifest-schemas.ts';
import {
  type ClientLanguage,
  fetchClientGenerator,
  findClientGenerator,
} from './programs/client-generators.ts';
import { findProgram, type ProgramName } from './programs/find-program.ts';
import { pythonOpponents } from './programs/python-opponents.ts';

/**
 * Fetches the programs that `make test`, `make demo` and `make load` start, so that they work offline afterwards: those
 * named on the command line, else those that the demo and most tests need. A program that is not available is reported and is
 * no failure: tests that need it are skipped with the same message, and the demo and the load tests repeat it. `schemas` stands
 * for those of Kubernetes manifests, `client-generator-…` for what makes clients of the API, `python-opponents` for the packages of
 * the benchmark's opponents in Python.
 */
type Wanted = ProgramName | 'schemas' | 'python-opponents' | `client-generator-${ClientLanguage}`;
const named = process.argv.slice(2) as readonly Wanted[];
const wanted: readonly Wanted[] =
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
        : name === 'python-opponents'
          ? await pythonOpponents(process.env, fetching, signal)
          : isGenerator(name)
            ? await generatorOf(name, fetching)
            : await findProgram(name, process.env, fetching, signal);
    console.log(`${name.padEnd(24)}${foundAs[from].padEnd(18)}${path}`);
  } catch (thrown) {
    if (signal.aborted) process.exit(interruptedExitCode);
    say('missing', toForescaleError(thrown).message);
  }
}

function isGenerator(name: Wanted): name is `client-generator-${ClientLanguage}` {
  return name.startsWith('client-generator-');
}

async function generatorOf(name: `client-generator-${ClientLanguage}`, fetching: () => void) {
  const language = name.slice('client-generator-'.length) as ClientLanguage;
  const found = await findClientGenerator(language, process.env);
  if ('folder' in found) return { path: found.folder, from: 'cache' as const };
  fetching();
  return { path: await fetchClientGenerator(language, process.env, signal), from: 'fetched' as const };
}
