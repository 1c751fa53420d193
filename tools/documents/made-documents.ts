import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { madeBenchmarkTables } from '../../bench/report/made-tables.ts';
import { tablesIn, withTables } from '../../bench/report/tables.ts';
import { drawScale } from '../../bench/scale/report/draw-scale.ts';
import {
  readRecordedReport,
  readRecordedSources,
  readRecordedTrial,
} from '../../bench/scale/report/recorded-report.ts';
import { scaleTables } from '../../bench/scale/report/scale-document.ts';
import { drawRun } from './cluster/draw-run.ts';
import { readRecordedRun } from './cluster/recorded-run.ts';
import { runTable } from './cluster/run-table.ts';
import { simulateDay } from './document-day.ts';
import { drawDay } from './draw-day.ts';
import { readmeTables } from './readme-tables.ts';
import { hashOfMade } from './source-hash.ts';
import { tutorialOutput } from './tutorial-output.ts';

/** A document with a part that our own code calculates, which takes seconds. */
export interface MadeDocument {
  /** Relative to the project root. */
  readonly path: string;
  /** The module that calculates the part. */
  readonly module: string;
  /** Files that the part is calculated from. */
  readonly dataFolder?: string;
  /** The document as it is today, with its part made anew. */
  make(text: string): Promise<string>;
  /** The part that is made. */
  partOf(text: string): string;
}

export const madeDocuments: readonly MadeDocument[] = [
  {
    path: 'README.md',
    module: 'tools/documents/readme-tables.ts',
    dataFolder: 'bench/traces',
    make: async (text) => withTables(text, await readmeTables()),
    partOf: (text) => tablesIn(text, ['money', 'made', 'day', 'traces']),
  },
  {
    path: 'docs/images/day.svg',
    module: 'tools/documents/draw-day.ts',
    make: async () => drawDay(await simulateDay()),
    partOf: (text) => text,
  },
  {
    path: 'docs/images/cluster.svg',
    module: 'tools/documents/cluster/draw-run.ts',
    dataFolder: 'tools/documents/cluster/recorded',
    make: async () => drawRun(readRecordedRun()),
    partOf: (text) => text,
  },
  {
    path: 'docs/kubernetes.md',
    module: 'tools/documents/cluster/run-table.ts',
    dataFolder: 'tools/documents/cluster/recorded',
    make: async (text) => withTables(text, new Map([['cluster', runTable(readRecordedRun())]])),
    partOf: (text) => tablesIn(text, ['cluster']),
  },
  {
    path: 'docs/tutorial.md',
    module: 'tools/documents/tutorial-output.ts',
    make: async (text) => withTables(text, new Map([['what-if', await tutorialOutput(text)]])),
    partOf: (text) => tablesIn(text, ['what-if']),
  },
  {
    path: 'bench/README.md',
    module: 'bench/report/made-tables.ts',
    make: async (text) => withTables(text, await madeBenchmarkTables()),
    partOf: (text) => tablesIn(text, ['made']),
  },
  {
    path: 'docs/images/scale.svg',
    module: 'bench/scale/report/draw-scale.ts',
    dataFolder: 'bench/scale/recorded',
    make: async () => drawScale(readRecordedReport()),
    partOf: (text) => text,
  },
  {
    path: 'docs/scale.md',
    module: 'bench/scale/report/scale-document.ts',
    dataFolder: 'bench/scale/recorded',
    make: async (text) =>
      withTables(text, await scaleTables(readRecordedReport(), readRecordedSources(), readRecordedTrial())),
    partOf: (text) => tablesIn(text, ['scale', 'real-sources', 'bars', 'keda-calls', 'shards', 'plan']),
  },
];

/** Where the hash of each document is kept, which `make docs` writes. */
export const hashFile = fileURLToPath(new URL('./hashes.json', import.meta.url));

/** The hash of a document's text as it is and of the code and the data it is made from. */
export function hashOf({ module, dataFolder, partOf }: MadeDocument, text: string): string {
  return hashOfMade(module, dataFolder, partOf(text));
}

/** The text of a file of the project. */
export function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
