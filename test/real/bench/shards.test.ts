import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { harmOf, type ShardTrialReport } from '../../../bench/scale/shards/trial-report.ts';
import { isLongForm, longFormNote } from '../../support/long-form.ts';

// The servers themselves are killed in test/real/shards.
it.skipIf(!isLongForm)(
  `kills one of three servers that share workloads, and sees no value lowered and no call to the others fail${longFormNote}`,
  {
    timeout: 900_000,
  },
  async () => {
    const few = ['--workloads', '60', '--short', '--for', '20s', '--rate', '60', '--step', '5m'];
    // It ends with code 1, so that this rejects, where it found harm, and has printed what it saw.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      ...['bench/scale/shards/main.ts', ...few, '--json'],
    ]).catch((failure: { stdout: string; stderr: string }) => failure);
    expect(stdout, stderr).toMatch(/^\{/);
    const report = JSON.parse(stdout) as ShardTrialReport;
    const { lost, starts, phases, comeback } = report;
    expect(harmOf(report)).toEqual([]);
    expect(phases.map(({ name, answering }) => [name, answering])).toEqual([
      ['before', ['first', 'second', 'third']],
      ['lost', ['first', 'second']],
      ['returning', ['first', 'second', 'third']],
      ['after', ['first', 'second', 'third']],
    ]);
    for (const { name, shards } of phases)
      for (const { shard, calls, failed, answered } of shards) {
        expect(calls).toBeGreaterThan(0);
        if (shard === lost && name === 'lost') expect(failed).toBeGreaterThan(0);
        else expect(answered).toBe(20);
      }
    const [before, , , after] = phases.map(({ shards }) => shards.find(({ shard }) => shard === lost));
    // What is served is a forecast: it is above the demand, which rises, before the loss and after it.
    expect(before?.overDemand).toBeGreaterThan(1.01);
    expect(after?.overDemand).toBeGreaterThan(1.01);
    expect(after?.lowestBeside).toBeGreaterThan(0.95);
    expect(comeback.forecastSeconds).toBeGreaterThan(0);
    expect(comeback.cpuSeconds).toBeLessThan(Math.min(...starts.map(({ cpuSeconds }) => cpuSeconds)));
  },
);
