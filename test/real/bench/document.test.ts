import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { opponentNamed } from '../../../bench/opponents/table.ts';
import { syntheticPack } from '../../../bench/replay/synthetic-pack.ts';
import { projectRoot } from '../../repository/project-files.ts';

const benchmarkDocument = join(projectRoot, 'bench/README.md');

describe('the document of the benchmark', () => {
  it('has figures of real traces with the day and the command they come from', () => {
    const text = readFileSync(benchmarkDocument, 'utf8');
    const measured = text.slice(text.indexOf('<!-- traces -->'));
    expect(measured).toMatch(/Measured \d{4}-\d\d-\d\d .* with `node bench\/main.ts/);
    expect(measured).toContain('### The bars');
  });

  it('has what opponents in Python are worth beside us, with the command', () => {
    const text = readFileSync(benchmarkDocument, 'utf8');
    const block = text.slice(text.indexOf('<!-- opponents -->'), text.indexOf('<!-- /opponents -->'));
    expect(block).toMatch(/Measured \d{4}-\d\d-\d\d .* with `node bench\/main.ts --parts opponents/);
    for (const name of ['lightgbm', 'auto-ces', 'dynamic-theta', 'mstl-ets'])
      expect(block).toContain(`\n| ${opponentNamed(name)?.title} | `);
  });

  it('has what it costs to be served at start-ups of 2 to 30 minutes, with the command', () => {
    const text = readFileSync(benchmarkDocument, 'utf8');
    const money = text.slice(text.indexOf('<!-- money -->'), text.indexOf('<!-- /money -->'));
    expect(money).toMatch(/Measured \d{4}-\d\d-\d\d .* with `node bench\/main.ts --parts money --short/);
    for (const startUp of ['2m', '5m', '10m', '20m', '30m'])
      expect(money).toMatch(new RegExp(`^\\| ${startUp} \\| Forescale \\|`, 'm'));
  });
});

it('the README says of money on real traces what the benchmark measured', () => {
  const block = (text: string) => text.slice(text.indexOf('<!-- money -->'), text.indexOf('<!-- /money -->'));
  const measured = block(readFileSync(benchmarkDocument, 'utf8'));
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const said = [...readme.matchAll(/^\| (\d+m) \| ([\d.]+%) at ([\d.]+) \| ([\d.]+%) at ([\d.]+) \|$/gm)];
  expect(said.map(([, startUp]) => startUp)).toEqual(['2m', '5m', '10m', '20m', '30m']);
  for (const [, startUp, theirShort, theirCost, ourShort, ourCost] of said) {
    const cells = (policy: string) =>
      measured
        .split('\n')
        .find((line) => line.startsWith(`| ${startUp} | ${policy} |`))
        ?.split(' | ')
        .map((cell) => cell.split(' / ')[1]);
    // The reactive rule by the setting that was chosen before, Forescale by its default.
    expect(cells('reactive')?.slice(4, 6)).toEqual([theirShort, theirCost]);
    expect(cells('Forescale')?.slice(2, 4)).toEqual([ourShort, ourCost]);
  }
});

describe('the made series', () => {
  it('are the same whenever they are made', () => {
    const [one, two] = [syntheticPack(), syntheticPack()];
    expect(one).toHaveLength(6);
    expect(two.map(({ trace }) => trace.history.values)).toEqual(
      one.map(({ trace }) => trace.history.values),
    );
  });

  it('cover three weeks each, with values that demand can have', () => {
    for (const { trace } of syntheticPack()) {
      expect(trace.days).toBe(21);
      expect(trace.history.values.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    }
  });
});
