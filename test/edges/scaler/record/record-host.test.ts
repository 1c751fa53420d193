import { afterEach, describe, expect, it } from 'vitest';
import type { RecordState } from '../../../../src/forecast/index.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { openRecord } from '../../../../src/scaler/record/record.ts';
import type { RecordHostOptions } from '../../../../src/scaler/record/record-host.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { decisions } from '../../../pure/scaler/record/some-decisions.ts';

const key = { namespace: 'shop', name: 'web', trigger: 'a1' };
const now = Math.floor(Date.now() / 1000) - 1_000;

describe('the thread of the record', () => {
  let folder: TemporaryFolder | undefined;
  let close: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await close?.();
    await folder?.remove();
    folder = undefined;
  });

  function open(more: Partial<RecordHostOptions>) {
    const states: RecordState[] = [];
    const record = openRecord({
      path: undefined,
      mostBytes: 1024 * 1024,
      mostWorkloads: 10,
      inForceSeconds: 90,
      log: silentLogger,
      onState: (state) => void states.push(state),
      ...more,
    });
    close = record.close;
    for (const decision of decisions(50, now)) record.note(key, decision);
    const span = { fromSeconds: now, toSeconds: now + 1_000, stepSeconds: undefined, limit: 100 };
    return { states, read: () => record.read(key, span) };
  }
  const noThread = () => {
    throw new Error('ERR_WORKER_INIT_FAILED: no thread is to spare');
  };

  it('keeps some hours where there is no folder, and calls that no fault', async () => {
    const { states, read } = open({});
    expect(await read()).toMatchObject({ kept: 'memory', warning: undefined });
    expect((await read()).rows).toHaveLength(50);
    expect(states).toEqual([]);
  });

  it('is handed decisions some at a time, because copying many holds the event loop', async () => {
    const appended: number[] = [];
    const startThread: RecordHostOptions['startThread'] = () => ({
      async run(task) {
        if (task.kind === 'append') appended.push(task.noted.length);
        return task.kind === 'triggers'
          ? [String(appended.reduce((sum, count) => sum + count, 0))]
          : undefined;
      },
      close: async () => undefined,
    });
    const record = openRecord({
      ...{ path: undefined, mostBytes: 1024 * 1024, mostWorkloads: 10, inForceSeconds: 90 },
      log: silentLogger,
      startThread,
    });
    close = record.close;
    for (const decision of decisions(1_000, now)) record.note(key, decision);
    // What was decided before a question is in its answer.
    expect(await record.triggers('shop', 'web')).toEqual(['1000']);
    expect(Math.max(...appended)).toBeLessThanOrEqual(100);
  });

  it('that cannot be started makes no server fail: decisions are kept in memory, and it is said why', async () => {
    folder = await openTemporaryFolder('forescale-record');
    const { states, read } = open({ path: `${folder.path}/decisions.sqlite`, startThread: noThread });
    const { kept, warning, rows } = await read();
    expect(kept).toBe('memory');
    expect(warning).toContain('decisions.sqlite ended: Error: ERR_WORKER_INIT_FAILED');
    expect(rows).toHaveLength(50);
    expect(states).toEqual([{ kept: 'memory', warning }]);
  });

  it('that cannot be started where there is no folder either is said as well', async () => {
    const { states, read } = open({ startThread: noThread });
    expect((await read()).rows).toHaveLength(50);
    expect(states.map(({ warning }) => warning)).toEqual([expect.stringContaining('no thread is to spare')]);
  });
});
