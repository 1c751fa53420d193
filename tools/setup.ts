import type { CommandIo } from '../src/cli/command-io.ts';
import { everyText, type FlagReading, type FlagTable } from '../src/cli/flags.ts';
import { knownNames, ownCommand, runAlone } from '../src/cli/own-program.ts';
import { toForescaleError } from '../src/platform/errors.ts';
import { manifestSchemas } from './manifests/manifest-schemas.ts';
import {
  type ClientLanguage,
  clientLanguages,
  fetchClientGenerator,
  findClientGenerator,
} from './programs/client-generators.ts';
import { findProgram, type ProgramName, programNames } from './programs/find-program.ts';
import { pythonOpponents } from './programs/python-opponents.ts';

type Generator = `client-generator-${ClientLanguage}`;
type Wanted = ProgramName | 'schemas' | 'python-opponents' | Generator;

const generators = clientLanguages.map((language): Generator => `client-generator-${language}`);
const known: readonly Wanted[] = [...programNames, 'schemas', 'python-opponents', ...generators];
const usual: readonly Wanted[] = ['prometheus', 'promtool', 'victoria-metrics', 'influxd'];
const foundAs = { path: 'on PATH', cache: 'fetched earlier', fetched: 'fetched now' } as const;

const flags = {
  programs: {
    name: 'program',
    isArgument: true,
    isRepeatable: true,
    meaning: `which to fetch, of ${known.join(', ')}`,
    absent: usual.join(' '),
    ...everyText,
  },
} as const satisfies FlagTable;

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const wanted = knownNames(reading, 'program', reading.values.programs ?? usual, known);
  reading.check();
  // One after the other: prometheus and promtool come in the same package.
  for (const name of wanted) {
    const line = (what: string, more: string) => `${name.padEnd(24)}${what.padEnd(18)}${more}\n`;
    const fetching = () => io.stderr(line('fetching', 'once; takes a while'));
    try {
      const { path, from } = await found(name, fetching, io);
      io.stdout(line(foundAs[from], path));
    } catch (thrown) {
      io.signal?.throwIfAborted();
      io.stderr(line('missing', toForescaleError(thrown).message));
    }
  }
}

function found(name: Wanted, fetching: () => void, { env, signal }: CommandIo) {
  if (name === 'schemas') return manifestSchemas(env, fetching, signal);
  if (name === 'python-opponents') return pythonOpponents(env, fetching, signal);
  return isGenerator(name)
    ? generatorOf(name, fetching, { env, signal })
    : findProgram(name, env, fetching, signal);
}

function isGenerator(name: Wanted): name is Generator {
  return name.startsWith('client-generator-');
}

async function generatorOf(
  name: Generator,
  fetching: () => void,
  { env, signal }: Pick<CommandIo, 'env'> & { readonly signal: AbortSignal | undefined },
) {
  const language = name.slice('client-generator-'.length) as ClientLanguage;
  const there = await findClientGenerator(language, env);
  if ('folder' in there) return { path: there.folder, from: 'cache' as const };
  fetching();
  return { path: await fetchClientGenerator(language, env, signal), from: 'fetched' as const };
}

await runAlone(
  ownCommand({
    name: 'setup',
    description:
      'fetch the programs that `make test`, `make demo` and `make load` start, so that they work offline afterwards',
    flags,
    notes: `A program that is not available is reported and is no failure: tests that need it are skipped with the same message, and the demo and the
load tests repeat it. \`schemas\` stands for those of Kubernetes manifests, \`client-generator-…\` for what makes clients of the API,
\`python-opponents\` for the packages of the benchmark's opponents in Python.`,
    examples: ['make tools', 'node tools/setup.ts prometheus', 'node tools/setup.ts helm kustomize'],
    act: run,
  }),
);
