import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { allowedUnits } from '../../src/forecast/core/combination/far-correction.ts';
import { CorrectedHorizon } from '../../src/forecast/core/families/corrected-horizon.ts';
import { farFeatureNames } from '../../src/forecast/core/families/far-features.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { syntheticPack } from '../replay/synthetic-pack.ts';
import { readTrace, traceFiles } from '../replay/trace.ts';
import { geometricMean } from '../report/summary.ts';
import { familyOf, isMade, mayBeLearned } from './families.ts';
import { type FarCell, farCells, targetOf, weightsOf } from './far-rows.ts';
import { type LearnFlags, learnFlags } from './learn-flags.ts';

const execute = promisify(execFile);
const treesFile = fileURLToPath(new URL('../../src/forecast/core/families/far-trees.ts', import.meta.url));
const trainer = fileURLToPath(new URL('far_trees.py', import.meta.url));
/** Of so many origins in a row one is learned from: neighbours err alike. */
const learnEvery = 2;
/** A cell with fewer origins is not scored. */
const fewestOrigins = 24;
const hoursADay = 24;

async function run({ values: { traces, write } }: LearnFlags, io: CommandIo): Promise<void> {
  const cells: FarCell[] = [];
  for (const file of await traceFiles(traces)) cells.push(...farCells(await readTrace(file)));
  for (const { trace } of syntheticPack()) cells.push(...farCells(trace));
  if (cells.length === 0) throw new Error(`no trace of ${traces} has a far forecast`);
  const { leftOut, texts } = await learn(cells, io.signal);
  io.stdout(proof(cells, leftOut));
  if (write) await writeTrees(texts);
}

/** What trees of the other families say of each row, and the trees of all. */
async function learn(
  cells: readonly FarCell[],
  signal: AbortSignal | undefined,
): Promise<{ leftOut: Float32Array; texts: string[] }> {
  const families = [...new Set(cells.map(({ trace }) => familyOf(trace)))];
  const rows = cells.flatMap((cell) => {
    const weights = weightsOf(cell);
    const family = families.indexOf(familyOf(cell.trace));
    return cell.rows.map((row, i) => {
      const isLearned = mayBeLearned(cell.trace) && (row.step / cell.everySteps) % learnEvery === 0;
      return [family, isLearned ? 1 : 0, weights[i]!, targetOf(row), ...row.features];
    });
  });
  const work = await mkdtemp(join(tmpdir(), 'far-trees-'));
  try {
    await writeFile(join(work, 'rows.f32'), Float32Array.from(rows.flat()));
    signal?.throwIfAborted();
    await execute('python3', [trainer, work, String(4 + farFeatureNames.length)], { signal });
    const bytes = await readFile(join(work, 'left-out.f32'));
    return {
      leftOut: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)),
      texts: JSON.parse(await readFile(join(work, 'trees.json'), 'utf8')),
    };
  } finally {
    await rm(work, { recursive: true, maxRetries: 3 });
  }
}

/** Error of the second half with the correction ÷ without, by cell; the share of the correction is learned as the product learns it. */
function ratioOf(cell: FarCell, units: Float32Array): number {
  const { horizonSteps, everySteps, daySteps, rows } = cell;
  const horizon = new CorrectedHorizon(horizonSteps, everySteps, daySteps);
  let due = 0;
  let [plain, corrected, count] = [0, 0, 0];
  for (const [i, { step, combined, truth, typical, isScored }] of rows.entries()) {
    for (; rows[due]!.step + horizonSteps <= step; due++)
      horizon.mature(rows[due]!.step + horizonSteps, rows[due]!.truth);
    const root = Math.sqrt(combined);
    const added = typical * allowedUnits(units[i]!);
    if (isScored) {
      plain += Math.abs(truth - combined);
      corrected += Math.abs(truth - Math.max(0, root + horizon.share * added) ** 2);
      count++;
    }
    horizon.keep(step, root, Math.max(0, root + added));
  }
  return count < fewestOrigins ? Number.NaN : corrected / plain;
}

function proof(cells: readonly FarCell[], leftOut: Float32Array): string {
  let from = 0;
  const ratios = cells.map((cell) => {
    const units = leftOut.subarray(from, from + cell.rows.length);
    from += cell.rows.length;
    const hours = Math.round((cell.horizonSteps * hoursADay) / cell.daySteps);
    return { trace: cell.trace, hours, ratio: ratioOf(cell, units) };
  });
  const real = ratios.filter(({ trace }) => !isMade(trace));
  const hours = [...new Set(ratios.map((one) => one.hours))].sort((a, b) => a - b);
  const traces = [...Map.groupBy(ratios, ({ trace }) => trace)];
  const known = (all: typeof ratios) => all.map(({ ratio }) => ratio).filter((ratio) => ratio > 0);
  const shown = (all: typeof ratios) => (known(all).length > 0 ? geometricMean(known(all)).toFixed(3) : '–');
  const columns = (all: typeof ratios) => hours.map((h) => shown(all.filter((one) => one.hours === h)));
  return textTable([
    ['trace', ...hours.map((h) => `${h}h`), 'all'],
    ...traces.map(([name, all]) => [name, ...columns(all), shown(all)]),
    ['geometric mean of the traces', ...columns(real), shown(real)],
  ]);
}

async function writeTrees(texts: readonly string[]): Promise<void> {
  const text = await readFile(treesFile, 'utf8');
  const [before, after] = text.split(/(?<=\/\/ the trees\n)[\s\S]*(?=\]\);)/);
  await writeFile(treesFile, `${before}${texts.map((tree) => `  '${tree}',\n`).join('')}${after}`);
}

await runAlone(
  ownCommand({
    name: 'learn-far-trees',
    description: 'learn the boosted trees that correct far forecasts, and prove them',
    flags: learnFlags,
    notes: `They are learned from the traces of a folder, and from made series that grow and shift as none of these does. Each family of traces is
corrected by the trees of all others. LightGBM comes with \`make tools\`.`,
    examples: [
      'node bench/families/learn-far-trees.ts',
      'node bench/families/learn-far-trees.ts --traces /data/traces --write',
    ],
    act: run,
  }),
);
