import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../src/cli/flags.ts';
import { ownCommand, runAlone } from '../src/cli/own-program.ts';
import { someText } from '../src/platform/setting-values.ts';
import { withTables } from './report/tables.ts';

const document = fileURLToPath(new URL('./README.md', import.meta.url));
const picture = fileURLToPath(new URL('./benchmark.svg', import.meta.url));

const folder = { value: 'folder', ...someText } as const;
const flags = {
  report: { ...folder, meaning: 'all figures of this run, and the picture' },
  money: { ...folder, meaning: 'those of money of this run' },
  calendar: { ...folder, meaning: 'those of calendars of this run' },
  opponents: { ...folder, meaning: 'those of opponents in Python of this run, which asked no others' },
} as const satisfies FlagTable;

/** The sections of a run on real traces, from the folder that `bench --out` wrote, behind the line that says how they were measured. */
function reportOf(folder: string): readonly string[] {
  const [head = '', ...sections] = readFileSync(join(folder, 'benchmark.md'), 'utf8').split(/\n(?=## )/);
  const [, how = ''] = head.split('\n\n');
  return [how.trim(), ...sections.map((section) => section.replace(/^## /, '### ').trim())];
}

function reportTables(folder: string): ReadonlyMap<string, string> {
  return new Map([['traces', `${reportOf(folder).join('\n\n')}\n`]]);
}

/** The tables of money: over all traces at every start-up, and trace by trace at the usual one. */
function moneyReportTables(folder: string): ReadonlyMap<string, string> {
  const [how = '', ...sections] = reportOf(folder);
  const wanted = /^### Money(?:: short time| at a start-up of 5m)/;
  const money = sections.filter((section) => wanted.test(section));
  if (money.length !== 2) throw new Error(`${folder} has no money at a start-up of 5m`);
  return new Map([['money', `${[how, ...money].join('\n\n')}\n`]]);
}

function calendarReportTables(folder: string): ReadonlyMap<string, string> {
  const [how = '', ...sections] = reportOf(folder);
  const calendar = sections.filter((section) => /^### (?:The bars|Public holidays)/.test(section));
  if (calendar.length !== 2) throw new Error(`${folder} has no calendar`);
  return new Map([['calendar', `${[how, ...calendar].join('\n\n')}\n`]]);
}

function opponentReportTables(folder: string): ReadonlyMap<string, string> {
  const [how = '', ...sections] = reportOf(folder);
  const opponentSections = sections.filter((section) => section.startsWith('### Our error ÷'));
  if (opponentSections.length !== 1) throw new Error(`${folder} has no opponents`);
  return new Map([['opponents', `${[how, ...opponentSections].join('\n\n')}\n`]]);
}

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { report, money, calendar, opponents } = reading.values;
  if ([report, money, calendar, opponents].every((one) => one === undefined))
    reading.wrong(
      '--report',
      'give this or another flag a folder that `make bench BENCH_ARGS="--out FOLDER"` wrote',
    );
  reading.check();
  const tables = [
    ...(report ? reportTables(report) : []),
    ...(money ? moneyReportTables(money) : []),
    ...(calendar ? calendarReportTables(calendar) : []),
    ...(opponents ? opponentReportTables(opponents) : []),
  ];
  writeFileSync(document, withTables(readFileSync(document, 'utf8'), new Map(tables)));
  if (report !== undefined) copyFileSync(join(report, 'benchmark.svg'), picture);
  io.stdout(`written: ${document}\n`);
}

await runAlone(
  ownCommand({
    name: 'document',
    description: 'write the figures of bench/README.md that come from a finished run on real traces',
    flags,
    notes: '`make docs` writes those of the made series.',
    examples: [
      'node bench/main.ts --out results && node bench/document.ts --report results',
      'node bench/main.ts --parts money --short --out results && node bench/document.ts --money results',
      'node bench/main.ts --parts calendar --out results && node bench/document.ts --calendar results',
    ],
    act: run,
  }),
);
