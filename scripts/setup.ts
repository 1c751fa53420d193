import { findProgram, type ProgramName } from '../src/demo/programs/find-program.ts';
import { errorTable, toForescaleError } from '../src/platform/errors.ts';

/** Fetches the programs that `make test` and `make demo` start, so that both work offline afterwards. */
const wanted: readonly ProgramName[] = ['prometheus', 'promtool', 'victoria-metrics'];
const foundAs = { path: 'on PATH', cache: 'unpacked earlier', package: 'fetched now' } as const;

// One after the other: prometheus and promtool come in the same package.
for (const name of wanted) {
  try {
    const { path, from } = await findProgram(name, process.env);
    console.log(`${name.padEnd(17)}${foundAs[from].padEnd(18)}${path}`);
  } catch (thrown) {
    const error = toForescaleError(thrown);
    console.error(`${name.padEnd(17)}missing           ${error.message}`);
    process.exitCode = errorTable[error.code].exitCode;
  }
}
