import { writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { modelOptionsFor } from '../../forecast/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { rowsToReplay, rowWarnings } from '../../server/what-if/rows-to-replay.ts';
import {
  answerOf,
  createCalendarStudy,
  createStartUpStudy,
  type Question,
  type Study,
  studyOf,
} from '../../what-if/index.ts';
import { readCalendarFlag } from '../calendars/given-calendars.ts';
import type { CommandIo } from '../command-io.ts';
import type { WhatIfFlags } from '../commands/what-if.ts';
import { chooseScaler } from '../what-if/choose-scaler.ts';
import { readPlan } from '../what-if/plan.ts';
import { htmlReport } from '../what-if/report/html-report.ts';
import { scaledObjectYaml } from '../what-if/scaled-object.ts';
import { forPeople } from '../what-if/table.ts';
import { traceLines } from '../what-if/trace-csv.ts';
import { readHistoryInput } from './load-history.ts';

/** Ticks between two looks at Ctrl-C. */
const ticksPerTurn = 2000;

/** `forescale what-if`: what ways of scaling would have cost on a history, and how long each would have been short. */
export async function whatIf(flags: WhatIfFlags, io: CommandIo): Promise<void> {
  const { values } = flags;
  const plan = await readPlan(flags, io);
  const input = readHistoryInput(flags, io, plan.query);
  const scaler = await chooseScaler(flags, plan.manifest?.namespace);
  const calendars = await readCalendarFlag(flags, io);
  flags.check();
  const all = await input.load(input.isCsv ? Number.POSITIVE_INFINITY : systemClock());
  const recorded = rowsToReplay(all, values.rangeSeconds, values.seasonsSeconds?.[0]);
  for (const warning of rowWarnings(recorded, plan.scenario)) io.stderr(`${warning}\n`);
  const { serviceLevel, pricePerReplicaHour } = values;
  const [firstSeconds, lastSeconds] = [recorded.timestamps[0] ?? 0, recorded.timestamps.at(-1) ?? 0];
  const given = await calendars.eventsAround(firstSeconds, lastSeconds);
  const model = { ...modelOptionsFor(values, 0), events: given?.events };
  const hasCurves = values.html !== undefined;
  const question: Question = { ...plan, recorded, serviceLevel, pricePerReplicaHour, model, hasCurves };
  const { demand, study } = studyOf(question);
  await play(study, 'policies', io);
  const calendar = createCalendarStudy(question);
  if (calendar !== undefined) await play(calendar, 'without the calendar', io);
  const answer = answerOf(study, { ...question, demand }, calendar);
  if (values.trace !== undefined) {
    await save('--trace', values.trace, [...traceLines(demand, study.findings())].join(''));
  }
  const scaledObject = scaledObjectYaml(plan, answer, scaler);
  if (values.html !== undefined) {
    const startUps = createStartUpStudy(question);
    await play(startUps, 'start-ups', io);
    const { timeZone } = values;
    const world = { demand, findings: study.findings(), startUps: startUps.costs(), scaledObject, timeZone };
    await save('--html', values.html, htmlReport(plan, answer, world));
  }
  const named = given === undefined ? {} : { events: given.within(firstSeconds, lastSeconds) };
  if (values.json) io.stdout(`${JSON.stringify({ ...answer, ...named })}\n`);
  else io.stdout(values.yaml ? scaledObject : forPeople(answer));
}

async function play(study: Pick<Study, 'advance' | 'doneShare'>, what: string, io: CommandIo): Promise<void> {
  while (study.advance(ticksPerTurn)) {
    if (io.isTty) io.stderr(`\r${what}: played ${Math.floor(100 * study.doneShare)}%`);
    await nextTurn();
    io.signal?.throwIfAborted();
  }
  if (io.isTty) io.stderr(`\r${' '.repeat(what.length + 14)}\r`);
}

async function save(flag: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ForescaleError('invalid-argument', `${flag} ${file} cannot be written: ${reason}`);
  }
}
