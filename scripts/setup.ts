import { findProgram, type ProgramName } from '../src/demo/programs/find-program.ts';
import { toForescaleError } from '../src/platform/errors.ts';

/**
 * Fetches the programs that `make test`, `make demo` and `make load` start, so that they work offline afterwards: those
 * named on the command line, else what the demo and most tests need. One that cannot be had is said and no failure: the
 * tests that need it are skipped with the same words, and the demo and the load tests say it again.
 */
const named = process.argv.slice(2) as readonly ProgramName[];
const wanted: readonly ProgramName[] =
  named.length > 0 ? named : ['prometheus', 'promtool', 'victoria-metrics'];
const foundAs = { path: 'on PATH', cache: 'fetched earlier', fetched: 'fetched now' } as const;

// Ctrl-C in a terminal reaches what is being fetched as well, whose half is removed before we go; a second one does not wait.
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  process.exitCode = 130;
});

// One after the other: prometheus and promtool come in the same package.
for (const name of wanted) {
  if (interrupted) break;
  const say = (what: string, more: string) => console.error(`${name.padEnd(24)}${what.padEnd(18)}${more}`);
  try {
    const { path, from } = await findProgram(name, process.env, () => say('fetching', 'once; takes a while'));
    console.log(`${name.padEnd(24)}${foundAs[from].padEnd(18)}${path}`);
  } catch (thrown) {
    say('missing', toForescaleError(thrown).message);
  }
}
