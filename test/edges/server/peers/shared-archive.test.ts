import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerRecord, type RecordQuestion, type RecordReply } from '../../../../src/api/peers.ts';
import { type DemandArchive, openDemandArchive } from '../../../../src/history/archive/index.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { readRecordAnswer } from '../../../../src/server/peers/record-answer.ts';
import { createSharedArchive, type SharedArchive } from '../../../../src/server/peers/shared-archive.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { madeRollUps } from '../../../pure/history/archive/made-demand.ts';

const series = { key: '0123456789abcdef0123456789abcdef', lengthSeconds: 300, mostRows: 5 };
const startSeconds = 1_767_690_000;
const all = madeRollUps(20_000, startSeconds);
const day = 86_400_000;
const endSeconds = startSeconds + 20_000 * 300;

let folder: TemporaryFolder;
const open: DemandArchive[] = [];
let shared: SharedArchive | undefined;
beforeEach(async () => {
  folder = await openTemporaryFolder('forescale-shared-archive');
});
afterEach(async () => {
  shared?.close();
  vi.useRealTimers();
  for (const archive of open.splice(0)) await archive.close();
  await folder.remove();
});

function openArchive(name: string): DemandArchive {
  const path = join(folder.path, `${name}.sqlite`);
  const archive = openDemandArchive({
    path,
    mostBytes: 2 ** 24,
    keptSeconds: 400 * 86_400,
    log: silentLogger,
  });
  open.push(archive);
  return archive;
}

/** How long a busy machine may take; each look reads all of an archive, so that looks are few. */
const patiently = { interval: 500 };

/** An archive that has written roll-ups: who reads while it writes may wait for longer than a read does. */
async function openArchiveOf(name: string, rollUps: typeof all): Promise<DemandArchive> {
  const archive = openArchive(name);
  archive.note({ ...series, rollUps });
  await expect.poll(() => timesOf(archive), patiently).toHaveLength(rollUps.length);
  return archive;
}

/** Asks another replica as the network would: the answer is text, which is checked. */
const asking = (ownArchive: DemandArchive | undefined) => async (question: RecordQuestion) => {
  const other = { ownArchive, ownEvents: () => [], ownRecord: undefined as never };
  const reply: RecordReply = await answerRecord(other, question);
  return [readRecordAnswer(question, JSON.stringify(reply))];
};
const timesOf = async (archive: Pick<DemandArchive, 'read'>) =>
  (await archive.read(series.key, 0, 2 * startSeconds)).map(({ atSeconds }) => atSeconds);

describe('archives of replicas', () => {
  it('have at once what a model begins with, where one is new', async () => {
    const other = await openArchiveOf('other', all);
    const own = openArchive('own');
    shared = createSharedArchive(own);
    const archive = shared.archiveOf(series);
    const reading = archive.read(endSeconds - 14 * 86_400, endSeconds);
    shared.shareWith(asking(other));
    const read = await reading;
    expect(read).toHaveLength(14 * 288 - 1);
    expect(read).toEqual(await other.read(series.key, endSeconds - 14 * 86_400, endSeconds));
    expect(await own.read(series.key, endSeconds - 14 * 86_400, endSeconds)).toEqual(read);
  });

  it('soon have all of what the others have, and fill one another’s gaps', async () => {
    const other = await openArchiveOf(
      'other',
      all.filter((_, index) => index < 9_000 || index > 11_000),
    );
    const own = await openArchiveOf('own', all.slice(8_000));
    shared = createSharedArchive(own);
    shared.archiveOf(series);
    shared.shareWith(asking(other));
    await expect.poll(() => timesOf(own), patiently).toHaveLength(20_000);
  });

  it('ask nobody where a replica has it all', async () => {
    const own = await openArchiveOf('own', all);
    shared = createSharedArchive(own);
    const asked: string[] = [];
    shared.shareWith(async ({ kind }) => {
      asked.push(kind);
      return [{ spans: [] }];
    });
    const read = await shared.archiveOf(series).read(startSeconds, endSeconds);
    expect(read).toHaveLength(19_999);
    await expect.poll(() => asked).toEqual(['archive-spans']);
  });

  it('take nothing that was not asked for, or is no demand', async () => {
    const own = openArchive('own');
    shared = createSharedArchive(own);
    const other = openArchive('other');
    const wrong = all.slice(0, 10).map((one, index) => ({
      ...one,
      atSeconds: one.atSeconds + (index === 3 ? 60 : 0),
      rows: index < 5 ? 5 : 6,
    }));
    other.note({ ...series, rollUps: wrong });
    await expect.poll(() => timesOf(other), patiently).toHaveLength(wrong.length);
    shared.shareWith(async (question) => {
      if (question.kind !== 'archive') return [];
      return asking(other)({ ...question, fromSeconds: startSeconds - 1_000, toSeconds: endSeconds });
    });
    const read = await shared.archiveOf(series).read(startSeconds + 400, startSeconds + 1_000_000);
    expect(read.map(({ atSeconds }) => atSeconds - startSeconds)).toEqual([600, 1_200]);
    expect(() =>
      readRecordAnswer(
        { kind: 'archive', series: series.key, lengthSeconds: 300, fromSeconds: 0, toSeconds: 1 },
        '{"rollUps":["<script>"]}',
      ),
    ).toThrow(/another version/);
  });

  it('are not asked for without end where nobody answers, and once more when it is opened again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const own = openArchive('own');
    shared = createSharedArchive(own);
    let asked = 0;
    shared.shareWith(async () => {
      asked++;
      return [];
    });
    shared.archiveOf(series);
    await vi.advanceTimersByTimeAsync(day);
    expect(asked).toBeGreaterThan(3);
    const after = asked;
    await vi.advanceTimersByTimeAsync(day);
    expect(asked).toBe(after);
    shared.archiveOf(series);
    await vi.advanceTimersByTimeAsync(day);
    expect(asked).toBe(2 * after);
  });

  it('are read without the others while these are not there', async () => {
    const own = await openArchiveOf('own', all.slice(0, 100));
    shared = createSharedArchive(own);
    shared.shareWith(async () => {
      throw new Error('nobody is there');
    });
    expect(await shared.archiveOf(series).read(0, endSeconds)).toHaveLength(100);
  });
});
