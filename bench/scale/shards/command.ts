import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { CommandIo } from '../../../src/cli/command-io.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../../../src/cli/flags.ts';
import { ownCommand } from '../../../src/cli/own-program.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { duration, formatDuration } from '../../../src/platform/duration.ts';
import { anyText, whole } from '../../../src/platform/setting-values.ts';
import { textTable } from '../../../src/platform/terminal/text-table.ts';
import { history, shapes, startLimit } from '../fleet-flags.ts';
import { lost, tryLoss } from './trial.ts';
import { harmOf, type ShardTrialReport } from './trial-report.ts';
import { trialSections } from './trial-sections.ts';

const notes = `Three servers share the workloads by \`shards\` of their configuration, each in a process of its own with the heap and environment of a
pod. A stand-in is their source, whose demand rises meanwhile. KEDA's calls are played to all of them at an even pace. When every workload
has a forecast and a snapshot, one server is killed with SIGKILL, stays away until every workload of the others was asked, and is started
again. It ends with code 1 where a call to the others failed, or an answer was more than 1 % below the last one before the loss and below
those of the other shards about the same demand.`;

const flags = {
  workloads: {
    value: 'count',
    meaning: 'workloads of all shards together, a multiple of 60',
    default: '30000',
    ...whole({ from: 60, to: 100_000 }),
  },
  ...{ shapes, history: { ...history, default: '2d' } },
  step: {
    value: 'duration',
    meaning: 'time between two rows of it; a longer one costs less to learn',
    default: '1m',
    ...duration({ from: '15s', to: '1h' }),
  },
  rate: {
    value: 'count',
    meaning: 'calls per second and shard',
    default: '300',
    ...whole({ from: 1, to: 5_000 }),
  },
  phaseSeconds: {
    name: '--for',
    value: 'duration',
    meaning: 'least length of each phase; it lasts until all workloads were asked',
    absent: '60s',
    ...duration({ above: '0' }),
  },
  startLimit: { ...startLimit, meaning: 'longest wait for all forecasts and snapshots', default: '2h' },
  short: { meaning: 'for a quick look: phases of 5 s at least', ...switchedOn },
  record: { value: 'file', meaning: 'write the results there, for the documents', ...anyText },
  json: { meaning: 'print one JSON document', ...switchedOn },
} as const satisfies FlagTable;

/** The command behind `npm run bench-shards`. */
export const shardsCommand = ownCommand({
  name: 'bench-shards',
  description: 'kill one of three servers that share workloads, start it again, and see whom it harms',
  flags,
  notes,
  examples: [
    'npm run bench-shards -- --workloads 300 --short',
    'npm run bench-shards -- --workloads 3000 --rate 600',
    'npm run bench-shards -- --record bench/scale/recorded/shards.json',
  ],
  act: run,
});

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { values } = reading;
  if (values.workloads % 60 !== 0)
    reading.wrong(
      '--workloads',
      'must be a multiple of 60, so that each shard has workloads with each demand',
    );
  reading.check();
  const { workloads, shapes, rate } = values;
  const seen = await tryLoss({
    plan: {
      workloads,
      shapes: Math.min(shapes, workloads),
      history: `${values.history}s`,
      step: `${values.step}s`,
    },
    callsPerSecondAndShard: rate,
    phaseSeconds: values.phaseSeconds ?? (values.short ? 5 : 60),
    mostStartSeconds: values.startLimit,
    nowSeconds: systemClock,
    signal: io.signal,
    onProgress: (text) => io.stderr(`${text}\n`),
  });
  const report: ShardTrialReport = {
    recorded: new Date(1000 * systemClock()).toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: cpus().length,
    history: formatDuration(values.history),
    step: formatDuration(values.step),
    callsPerSecondAndShard: rate,
    ...{ workloads, lost },
    ...seen,
  };
  if (values.record !== undefined)
    await writeFile(values.record, `${JSON.stringify(report, undefined, 2)}\n`);
  if (values.json) io.stdout(`${JSON.stringify(report)}\n`);
  else
    for (const { title, notes, rows } of trialSections(report))
      io.stdout(`${title}\n${notes.map((note) => `  ${note}\n`).join('')}${textTable(rows)}\n`);
  const harm = harmOf(report);
  if (harm.length > 0) throw new Error(`the loss of a shard did harm:\n${harm.join('\n')}`);
}
