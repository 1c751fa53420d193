import { writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { modelOptionsFor } from '../../forecast/index.ts';
import type { History } from '../../history/source.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { createStudy, demandOf, type Study } from '../../what-if/index.ts';
import type { CommandIo } from '../command-io.ts';
import type { WhatIfFlags } from '../commands/what-if.ts';
import { answerOf } from '../what-if/answer.ts';
import { htmlReport } from '../what-if/html-report.ts';
import { readPlan } from '../what-if/plan.ts';
import { scaledObjectYaml } from '../what-if/scaled-object.ts';
import { forPeople } from '../what-if/table.ts';
import { traceLines } from '../what-if/trace-csv.ts';
import { readHistoryInput } from './load-history.ts';

/** Ticks between two looks at Ctrl-C. */
const ticksPerTurn = 2000;
/** Forescale learns for two seasons, which is the first half of what is replayed at least. */
const fewestSeasons = 4;
/** Rows that are farther apart say little about a start-up of minutes. */
const coarseSeconds = 600;

/** `forescale what-if`: what ways of scaling would have cost on a history, and how long each would have been short. */
export async function whatIf(flags: WhatIfFlags, io: CommandIo): Promise<void> {
  const { values } = flags;
  const plan = await readPlan(flags, io);
  const input = readHistoryInput(flags, io, plan.query);
  flags.check();
  const all = await input.load(input.isCsv ? Number.POSITIVE_INFINITY : systemClock());
  const history = newest(all, values.rangeSeconds);
  refuseShort(history, values.seasonsSeconds?.[0] ?? 86_400);
  if (history.stepSeconds > coarseSeconds)
    io.stderr(`rows ${formatDuration(history.stepSeconds)} apart say little about a start-up of minutes\n`);
  const demand = demandOf(history);
  const study = createStudy({
    demand,
    sight: {
      rateWindowSeconds: plan.scenario.rateWindowSeconds,
      scrapeIntervalSeconds: plan.scenario.serving.lags.scrapeIntervalSeconds,
      settleSeconds: plan.scenario.serving.settleSeconds,
      model: modelOptionsFor(values, 0),
    },
    scenario: plan.scenario,
    participants: plan.participants,
    allowedShortShare: 1 - values.serviceLevel,
  });
  await play(study, io);
  const { serviceLevel, pricePerReplicaHour } = values;
  const answer = answerOf(study, { demand, scenario: plan.scenario, serviceLevel, pricePerReplicaHour });
  if (values.trace !== undefined) {
    await save('--trace', values.trace, [...traceLines(demand, study.findings())].join(''));
  }
  const scaledObject = scaledObjectYaml(plan, answer);
  if (values.html !== undefined) {
    const findings = study.findings();
    await save('--html', values.html, htmlReport(plan, answer, { demand, findings, scaledObject }));
  }
  if (values.json) io.stdout(`${JSON.stringify(answer)}\n`);
  else io.stdout(values.yaml ? scaledObject : forPeople(answer));
}

async function play(study: Study, io: CommandIo): Promise<void> {
  while (study.advance(ticksPerTurn)) {
    if (io.isTty) io.stderr(`\rplayed ${Math.floor(100 * study.doneShare)}%`);
    await nextTurn();
    io.signal?.throwIfAborted();
  }
  if (io.isTty) io.stderr('\r            \r');
}

/** The rows of the newest `rangeSeconds`. */
function newest(history: History, rangeSeconds: number): History {
  const { timestamps, values } = history;
  const last = timestamps.at(-1) ?? Number.NaN;
  const first = timestamps.findIndex((seconds) => seconds > last - rangeSeconds);
  if (first <= 0) return history;
  return { ...history, timestamps: timestamps.subarray(first), values: values.subarray(first) };
}

function refuseShort({ timestamps }: History, seasonSeconds: number): void {
  if (timestamps.length === 0)
    throw new ForescaleError('no-data', 'the history has no row with a value: there is nothing to replay');
  const span = (timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0);
  const needed = fewestSeasons * seasonSeconds;
  // The first row stands for the step before it, too.
  if (span >= 0.99 * needed) return;
  throw new ForescaleError(
    'too-little-history',
    `no what-if yet: the history covers ${formatDuration(span)}, and ${formatDuration(needed)} are needed: Forescale learns in the first half, and the second is judged; read more with --range, or wait`,
  );
}

async function save(flag: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ForescaleError('invalid-argument', `${flag} ${file} cannot be written: ${reason}`);
  }
}
