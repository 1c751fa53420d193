import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTemporaryFolder, type TemporaryFolder } from '../../../tools/temporary-folder.ts';
import { eventually } from '../../support/eventually.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';
import { type FakePrometheus, startFakePrometheus } from '../tenants/fake-prometheus.ts';
import { createKedaCaller } from './scaler-client.ts';

/** What is looked at of the answers. */
interface Told {
  readonly summary: string;
  readonly recorded: { readonly signal: number };
  readonly record: { readonly kept: string; readonly warning: string | null };
  readonly parts: readonly { readonly value: number }[];
  readonly decisions: readonly unknown[];
}

const trigger = { query: 'app', threshold: '10', historyTimeWindow: '12h' };

describe('the record of a server', () => {
  let prometheus: FakePrometheus;
  let state: TemporaryFolder;
  let server: ServeProcess | undefined;
  beforeAll(async () => {
    prometheus = await startFakePrometheus();
  });
  afterAll(() => prometheus?.stop());
  beforeEach(async () => {
    state = await openTemporaryFolder('forescale-record');
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await state.remove();
  });

  const start = async (flags: readonly string[]) => {
    server = await startServeProcess(prometheus.url, { flags });
    return server;
  };
  const withState = () => start(['--state-dir', state.path]);

  /** What KEDA is told, and when. */
  async function askedNow({ grpcPort }: ServeProcess) {
    const keda = createKedaCaller(grpcPort);
    try {
      const value = await eventually(
        () => keda.value('app', trigger).catch(() => undefined),
        (told) => told !== undefined,
      );
      return { value, atSeconds: Date.now() / 1000 };
    } finally {
      keda.close();
    }
  }

  const ask = async ({ httpUrl }: ServeProcess, path: string) => {
    const answer = await fetch(`${httpUrl}/api/v1/workloads/shop/app/${path}`);
    return { status: answer.status, body: (await answer.json()) as Told };
  };

  it('explains after a restart what KEDA was told before it', async () => {
    const before = await withState();
    const { value, atSeconds } = await askedNow(before);
    await before.stop();
    const after = await withState();
    const { status, body } = await ask(after, `explain?at=${atSeconds}`);
    expect(status).toBe(200);
    expect(body.recorded).toMatchObject({ precision: 'exact', signal: value, at: atSeconds });
    expect(body.record).toMatchObject({ kept: 'file', warning: null });
    const sum = body.parts.reduce((total, part) => total + part.value, 0);
    expect(Math.abs(sum - (value ?? Number.NaN))).toBeLessThan(1e-9);
    expect(body.summary).toContain('KEDA was told');
  });

  it('is kept in memory where its file is damaged, and says so; everything else works', async () => {
    const path = join(state.path, 'decisions.sqlite');
    writeFileSync(path, 'no database of any kind '.repeat(500));
    const damaged = await withState();
    const { value, atSeconds } = await askedNow(damaged);
    const { body } = await ask(damaged, `explain?at=${atSeconds}`);
    expect(body.recorded.signal).toBeCloseTo(value ?? Number.NaN, 2);
    expect(body.record.kept).toBe('memory');
    expect(body.record.warning).toMatch(/decisions\.sqlite: file is not a database; move it .* away/);
    const said = damaged
      .output()
      .split('\n')
      .filter((line) => line.includes('record-degraded'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(path);
  });

  it('has some hours in memory without a folder', async () => {
    const without = await start([]);
    await askedNow(without);
    const { body } = await ask(without, 'decisions');
    expect(body.record).toMatchObject({ kept: 'memory', warning: null });
    expect(body.decisions.length).toBeGreaterThan(0);
    expect(without.output()).not.toContain('record-degraded');
  });
});
