import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../../src/cli/flags.ts';
import { ownCommand } from '../../src/cli/own-program.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { duration, formatDuration } from '../../src/platform/duration.ts';
import { anyText, list, oneOf, whole } from '../../src/platform/setting-values.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { history, shapes, startLimit } from './fleet-flags.ts';
import type { ScaleReport, ScaleRun } from './report/scale-report.ts';
import { scaleSections } from './report/scale-sections.ts';
import { measureScale, scaleParts } from './scale.ts';
import { sourceKinds } from './source/open-source.ts';

/** Makes `dist`, which the image runs. */
const builder = new URL('../../tools/build.ts', import.meta.url);

const notes = `A server is started with each number of workloads, half of them in each of two namespaces, and KEDA's calls are played to it.
Its source is a stand-in that costs nothing, in a process of its own. A bare grpc-js server with the same proto is asked by the
same client in turn. CPU is that of the server's process, so that other work on the machine matters little.

Parts: ${scaleParts.join(', ')}. A start is always measured.`;

const flags = {
  workloads: {
    value: 'list',
    meaning: 'numbers of workloads',
    default: '100,1000,10000',
    ...list(whole({ from: 1, to: 100_000 })),
  },
  ...{ shapes, history: { ...history, default: '3d' } },
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
    absent: '5m, in which every workload completes a step; 20s with --short',
    ...duration({ above: '0' }),
  },
  rounds: { value: 'count', meaning: 'pairs of rounds of each server', absent: '12', ...whole({ from: 1 }) },
  startLimit: { ...startLimit, default: '30m' },
  short: { meaning: 'for a quick look: 20 s each, 4 rounds, no restart', ...switchedOn },
  built: { meaning: 'serve what the image runs, which is built first', ...switchedOn },
  nodeArguments: { value: 'list', meaning: 'arguments of the server’s Node', ...list(anyText) },
  record: { value: 'file', meaning: 'write the results there, for the documents', ...anyText },
  json: { meaning: 'print one JSON document', ...switchedOn },
} as const satisfies FlagTable;

/** The command behind `make bench-scale`. */
export const scaleCommand = ownCommand({
  name: 'bench-scale',
  description: 'measure a server with many workloads beside a bare grpc-js server',
  flags,
  notes,
  examples: [
    'make bench-scale',
    'npm run bench-scale -- --workloads 1000 --short',
    'npm run bench-scale -- --workloads 1000 --parts calls,rate --rounds 20',
    'npm run bench-scale -- --workloads 100 --parts calls --node-arguments=--cpu-prof,--cpu-prof-dir=/tmp/profiles',
    'npm run bench-scale -- --built --record bench/scale/recorded/scale.json',
  ],
  act: run,
});

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { values } = reading;
  const { signal } = io;
  if (values.built) await promisify(execFile)(process.execPath, [fileURLToPath(builder)], { signal });
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
        steadySeconds: values.steadySeconds ?? (values.short ? 20 : 300),
        rounds: values.rounds ?? (values.short ? 4 : 12),
        mostStartSeconds: values.startLimit,
        signal,
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
