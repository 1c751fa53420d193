import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const memory = '/dev/shm';
/** What the tests of images and packages may fill at one time, and as much again. */
const wantedBytes = 2 * 1024 ** 3;

/**
 * Makes a folder for thousands of small files, such as an installed package: in memory, where there is room and programs may be
 * started, because a disk takes several times as long for them. Whoever asks for it removes it.
 */
export function quickFolder(name: string): string {
  if (!hasRoom()) return mkdtempSync(join(tmpdir(), name));
  const folder = mkdtempSync(join(memory, name));
  if (startsPrograms(folder)) return folder;
  rmSync(folder, { recursive: true });
  return mkdtempSync(join(tmpdir(), name));
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > wantedBytes;
  } catch {
    return false;
  }
}

/** Containers often mount memory so that no program in it can be started. */
function startsPrograms(folder: string): boolean {
  const program = join(folder, 'starts');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  try {
    execFileSync(program);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(program);
  }
}
