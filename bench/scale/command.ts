import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { CommandIo } from '../../src/cli/command-io.ts';
import {
  addFlags,
  type FlagReading,
  type FlagTable,
  type FlagTexts,
  readFlags,
  switchedOn,
} from '../../src/cli/flags.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { duration, formatDuration } from '../../src/platform/duration.ts';
import { anyText, list, oneOf, whole } from '../../src/platform/setting-values.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import type { ScaleReport, ScaleRun } from './report/scale-report.ts';
import { scaleSections } from './report/scale-sections.ts';
import { measureScale, scaleParts } from './scale.ts';
import { sourceKinds } from './source/open-source.ts';

/** Makes `dist`, which the image runs. */
const builder = new URL('../../tools/build.ts', import.meta.url);

const help = `
A server is started with each number of workloads, half of them in each of two namespaces, and KEDA's calls are played to it.
Its source is a stand-in that costs nothing, in a process of its own. A bare grpc-js server with the same proto is asked by the
same client in turn. CPU is that of the server's process, so that other work on the machine matters little.

Parts: ${scaleParts.join(', ')}. A start is always measured.

Examples:
  make bench-scale
  npm run bench-scale -- --workloads 1000 --short
  npm run bench-scale -- --workloads 1000 --parts calls,rate --rounds 20
  npm run bench-scale -- --workloads 100 --parts calls --node-arguments=--cpu-prof,--cpu-prof-dir=/tmp/profiles
  npm run bench-scale -- --built --record bench/scale/recorded/scale.json
`;

const flags = {
  workloads: {
    value: 'list',
    meaning: 'numbers of workloads',
    default: '100,1000,10000',
    ...list(whole({ from: 1, to: 100_000 })),
  },
  shapes: {
    value: 'count',
    meaning: 'queries that differ in more than the label of the workload, at most',
    default: '100',
    ...whole({ from: 1 }),
  },
  history: {
    value: 'duration',
    meaning: 'history that is learned at first',
    default: '3d',
    ...duration({ above: '0' }),
  },
  source: {
    value: 'kind',
    meaning: 'where demand is read from; a real one is started and gets real series',
    default: 'stand-in',
    ...oneOf(sourceKinds),
  },
  parts: {
    value: 'list',
    meaning: 'what to measure',
    default: scaleParts.join(','),
    ...list(oneOf(scaleParts)),
  },
  steadySeconds: {
    name: '--for',
    value: 'duration',
    meaning: 'time in which nobody asks, and in which KEDA does',
    absent: '60s',
    ...duration({ above: '0' }),
  },
  rounds: { value: 'count', meaning: 'pairs of rounds of each server', absent: '12', ...whole({ from: 1 }) },
  startLimit: {
    value: 'duration',
    meaning: 'longest wait for all forecasts',
    default: '30m',
    ...duration({ above: '0' }),
  },
  short: { meaning: 'for a quick look: 20 s each, 4 rounds, no restart', ...switchedOn },
  built: { meaning: 'serve what the image runs, which is built first', ...switchedOn },
  nodeArguments: { value: 'list', meaning: 'arguments of the server’s Node', ...list(anyText) },
  record: { value: 'file', meaning: 'write the results there, for the documents', ...anyText },
  json: { meaning: 'print one JSON document', ...switchedOn },
} as const satisfies FlagTable;

/** Adds the command behind `make bench-scale`. */
export function addScaleCommand(command: Command, io: CommandIo): void {
  command.description('measure a server with many workloads beside a bare grpc-js server');
  addFlags(command, flags)
    .addHelpText('after', help)
    .action((found: FlagTexts) => run(readFlags('bench-scale', flags, found, { env: io.env }), io));
}

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  reading.check();
  const { values } = reading;
  if (values.built) await promisify(execFile)(process.execPath, [fileURLToPath(builder)]);
  const runs: ScaleRun[] = [];
  const reported = (): ScaleReport => ({
    recorded: new Date(1000 * systemClock()).toISOString().slice(0, 10),
    source: values.source,
    history: formatDuration(values.history),
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: cpus().length,
    runs,
  });
  for (const workloads of values.workloads) {
    const plan = { workloads, shapes: Math.min(values.shapes, workloads), history: `${values.history}s` };
    runs.push(
      await measureScale({
        plan,
        source: values.source,
        historySeconds: values.history,
        parts: values.short ? values.parts.filter((part) => part !== 'restart') : values.parts,
        steadySeconds: values.steadySeconds ?? (values.short ? 20 : 60),
        rounds: values.rounds ?? (values.short ? 4 : 12),
        mostStartSeconds: values.startLimit,
        signal: io.signal,
        program: { isBuilt: values.built, execArgv: values.nodeArguments ?? [] },
        onProgress: (text) => io.stderr(`${workloads} workloads: ${text}\n`),
      }),
    );
    // What was measured is kept where a larger number does not come to its end.
    if (values.record !== undefined)
      await writeFile(values.record, `${JSON.stringify(reported(), undefined, 2)}\n`);
  }
  const report = reported();
  if (values.json) io.stdout(`${JSON.stringify(report)}\n`);
  else
    io.stdout(
      scaleSections(report)
        .map(
          ({ title, notes, rows }) =>
            `${title}\n${notes.map((note) => `  ${note}\n`).join('')}${textTable(rows)}`,
        )
        .join('\n'),
    );
}
