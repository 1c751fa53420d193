import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ReplicaStanding } from '../../../../src/api/peers.ts';
import { directoryOf, goodDecision, goodOutcome, modelOf, taught, workloadOf } from '../../api/fixture.ts';
import { capturedIo } from '../run-command.ts';
import { commandAgainst } from './served.ts';

const model = modelOf(taught(0));
const replica = (name: string, answers: boolean): ReplicaStanding => ({
  ...{ replica: name, answers },
  version: '1.2.3',
  mode: 'active',
});
const workload = (name: string, more: Parameters<typeof workloadOf>[1] = {}) =>
  workloadOf(model, { name, unit: 'req/s', outcome: () => goodOutcome, ...more });
const some = directoryOf([
  workload('fine'),
  workload('blind', { decision: () => ({ ...goodDecision, fresh: false }) }),
  workload('failing', { namespace: 'other', decision: () => undefined }),
]);
const replicas = () => [replica('forescale-0', true), replica('forescale-1', false)];

describe('forescale status', () => {
  const { serve, close, run, failing } = commandAgainst('status');

  it('has a line for each workload, worst first, and says what is the matter', async () => {
    const url = await serve({ directory: some, replicas });
    const { stdout } = await run([]);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`${url}  mode active  3 workloads  2 replicas  no answer from forescale-1`);
    expect(lines[2]).toMatch(
      /^workload +state +demand +signal +asked\/ready\/max +lead +service 7d +next peak$/,
    );
    expect(
      lines
        .slice(3, 5)
        .map((line) => line.split(' ')[0])
        .sort(),
    ).toEqual(['other/failing', 'shop/blind']);
    expect(stdout).toMatch(
      /^shop\/blind +blind +144\.6 req\/s +160\.0 +8\/6\/20 +2m30s +99\.1% +– {2}no fresh data/m,
    );
    expect(stdout).toMatch(/^other\/failing +unavailable +144\.6 req\/s +– +–\/6\/20 /m);
    expect(lines[5]).toMatch(/^shop\/fine +trusted .* 99\.1% +–$/);
  });

  it('shows what is asked for: one workload, a namespace, a part of the name', async () => {
    await serve({ directory: some });
    const names = async (...args: readonly string[]) =>
      (
        JSON.parse((await run(['--json', ...args])).stdout) as { workloads: { name: string }[] }
      ).workloads.map(({ name }) => name);
    expect(await names('shop/fine')).toEqual(['fine']);
    expect(await names('--namespace', 'other')).toEqual(['failing']);
    expect(await names('--search', 'BLI')).toEqual(['blind']);
  });

  it('says how far back demand is archived, or why it is not', async () => {
    const archive = { bytes: 4096, series: 1, oldestSeconds: 1_767_690_000 };
    const ofArchive = async (warning: string | undefined) => {
      await serve({ directory: some, archive: () => ({ ...archive, warning }) });
      return (await run([])).stdout.split('\n')[0];
    };
    expect(await ofArchive(undefined)).toContain('3 workloads  demand archived since 2026-01-06');
    expect(await ofArchive('demand.sqlite: the disk is full')).toContain('  demand.sqlite: the disk is full');
  });

  it('counts a single workload in the singular', async () => {
    const url = await serve({ directory: directoryOf([workload('fine')]) });
    expect((await run([])).stdout.split('\n')[0]).toBe(`${url}  mode active  1 workload`);
  });

  it('colours where a person watches, and not for NO_COLOR', async () => {
    await serve({ directory: some, replicas });
    const plain = (await run([])).stdout;
    const coloured = (await run([], { isStdoutTty: true })).stdout;
    expect(coloured).toContain('\x1b[31mblind\x1b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    expect((await run([], { isStdoutTty: true, env: { NO_COLOR: '1' } })).stdout).toBe(plain);
  });

  it('draws again until it is interrupted, within the terminal, and goes on when the server is away', async () => {
    await serve({ directory: some, replicas });
    const stop = new AbortController();
    const { io, written } = capturedIo();
    const world = {
      ...io,
      isStdoutTty: true,
      signal: stop.signal,
      terminalSize: () => ({ columns: 80, rows: 5 }),
    };
    const watching = run(['-w', '--every', '500ms'], world);
    const frames = () => written.stdout.split('\x1b[H').slice(1).map(stripVTControlCharacters);
    await expect.poll(() => frames().length).toBeGreaterThan(1);
    expect(frames()[0]?.split('\n').length).toBeLessThanOrEqual(5);
    expect(frames()[0]).toContain('… 3 more lines');
    await close();
    await expect.poll(() => frames().at(-1)).toContain('cannot reach');
    stop.abort();
    await watching;
  });

  it('ends with 3 where there is nothing yet, and with 1 where a workload is not known or nothing answers', async () => {
    await serve({ directory: directoryOf([]) });
    expect(await failing([])).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('knows no workload'),
    });
    expect(await failing(['shop/none'])).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('no workload shop/none'),
    });
    await close();
    expect(await failing([])).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('cannot reach'),
    });
  });
});
