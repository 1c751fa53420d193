import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/platform/log.ts';
import { createSnapshotFiles } from '../../../../src/server/snapshots/snapshot-files.ts';

let folder = '';
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'forescale-')), 'snapshots');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const bytes = (value: number, count = 1000) => new Uint8Array(count).fill(value);

function open(mostBytes = 10_000) {
  const said: string[] = [];
  const note = (_: object, event: string) => void said.push(event);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  return { said, files: createSnapshotFiles(folder, { mostBytes, log }) };
}

describe('snapshots in files', () => {
  it('are found after a restart, as they were saved last', async () => {
    const { files } = open();
    await files.save('a', bytes(1));
    await files.save('a', bytes(2));
    await files.save('b', bytes(3));
    const after = open();
    expect(await after.files.load('a')).toEqual(Buffer.from(bytes(2)));
    expect(await after.files.load('b')).toEqual(Buffer.from(bytes(3)));
    expect(await after.files.load('c')).toBeUndefined();
    expect(await readdir(folder)).toEqual(['a.snapshot', 'b.snapshot']);
    expect(after.said).toEqual([]);
  });

  it('can be read by nobody else', async () => {
    await open().files.save('a', bytes(1));
    expect((await stat(join(folder, 'a.snapshot'))).mode & 0o077).toBe(0);
    expect((await stat(folder)).mode & 0o077).toBe(0);
  });

  it('are as they were where a writer was killed, whose rest goes', async () => {
    await open().files.save('a', bytes(1));
    // What a process leaves that is killed while it writes: the file that was to take the place, cut off.
    await writeFile(join(folder, 'a.snapshot.4711'), bytes(9, 10));
    const { files } = open();
    expect(await files.load('a')).toEqual(Buffer.from(bytes(1)));
    await files.save('b', bytes(2));
    expect(await readdir(folder)).toEqual(['a.snapshot', 'b.snapshot']);
  });

  it('take no more than their room: the oldest go, those of before the start included', async () => {
    const first = open();
    for (const name of ['old', 'older']) await first.files.save(name, bytes(1, 4000));
    await utimes(join(folder, 'older.snapshot'), 1000, 1000);
    const { files, said } = open();
    await files.save('c', bytes(1, 4000));
    expect(await readdir(folder)).toEqual(['c.snapshot', 'old.snapshot']);
    await files.save('old', bytes(2, 4000));
    expect(said).toEqual([]);
    for (const name of ['d', 'e']) await files.save(name, bytes(1, 4000));
    expect(await readdir(folder)).toEqual(['d.snapshot', 'e.snapshot']);
    // Those of before the start were not in the way of models; these are.
    expect(said).toEqual(['snapshots-full']);
  });

  it('are said to fail once, do no more harm, and are saved when that is possible', async () => {
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, 'no folder');
    const { files, said } = open();
    await expect(files.save('a', bytes(1))).rejects.toThrow(/EEXIST|ENOTDIR/);
    await expect(files.save('b', bytes(1))).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(said).toEqual(['snapshots-not-saved']);
    await rm(folder);
    await files.save('a', bytes(5));
    expect(await readFile(join(folder, 'a.snapshot'))).toEqual(Buffer.from(bytes(5)));
  });

  it('are not saved while more than a disk takes is waiting, so that they do not fill the memory', async () => {
    const { files, said } = open(1e9);
    const mebibyte = 1024 * 1024;
    const all = Array.from({ length: 40 }, (_, index) => files.save(String(index), bytes(1, mebibyte)));
    const endings = await Promise.allSettled(all);
    const indices = endings.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
    expect(indices).toEqual([32, 33, 34, 35, 36, 37, 38, 39]);
    expect(said).toEqual(['snapshots-not-saved']);
    await files.save('32', bytes(2));
    expect(await files.load('32')).toEqual(Buffer.from(bytes(2)));
  });

  it('that cannot be read are an error of the one who asks for them', async () => {
    await mkdir(join(folder, 'a.snapshot'), { recursive: true });
    await expect(open().files.load('a')).rejects.toThrow(/EISDIR/);
    await writeFile(join(folder, 'b.snapshot'), bytes(1, 1024 * 1024 + 1));
    await expect(open().files.load('b')).rejects.toThrow(/more than any snapshot/);
  });
});
