import { join } from 'node:path';
import type { SnapshotStore } from '../../forecast/index.ts';
import type { Logger } from '../../platform/log.ts';
import { type ServerFile, usualSnapshotBytes } from '../config.ts';
import { createSnapshotFiles } from './snapshot-files.ts';

/** Where snapshots of models are kept: a folder of the state directory; undefined where there is none. */
export function openSnapshots({
  file,
  stateDir,
  log,
}: {
  readonly file: ServerFile;
  readonly stateDir: string | undefined;
  readonly log: Logger;
}): SnapshotStore | undefined {
  if (stateDir === undefined) return undefined;
  const mostBytes = file.limits?.snapshotBytes ?? usualSnapshotBytes;
  return createSnapshotFiles(join(stateDir, 'snapshots'), { mostBytes, log });
}
