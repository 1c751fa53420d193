import { findProgram, type ProgramName } from '../src/demo/programs/find-program.ts';
import { toForescaleError } from '../src/platform/errors.ts';

/**
 * Fetches the programs that `make test` and `make demo` start, so that both work offline afterwards. One that cannot be
 * had is said and no failure: the tests that need it are skipped with the same words, and the demo says it again.
 */
const wanted: readonly ProgramName[] = ['prometheus', 'promtool', 'victoria-metrics'];
const foundAs = { path: 'on PATH', cache: 'unpacked earlier', package: 'fetched now' } as const;

// One after the other: prometheus and promtool come in the same package.
for (const name of wanted) {
  try {
    const { path, from } = await findProgram(name, process.env);
    console.log(`${name.padEnd(18)}${foundAs[from].padEnd(18)}${path}`);
  } catch (thrown) {
    console.error(`${name.padEnd(18)}${'missing'.padEnd(18)}${toForescaleError(thrown).message}`);
  }
}
