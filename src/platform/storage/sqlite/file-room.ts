import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** Pages that are given back to the file system at once, and bytes without use that are kept for what comes. */
const freedPages = 64;
const keptFreeBytes = 1024 * 1024;
/** Room that is left to the list of known workloads, which lies beside the files and is worth more, or else half of the room. */
const leftFreeBytes = 56 * 1024 * 1024;

/** How large a file may be. */
export interface RoomLimits {
  readonly mostBytes: number;
  /** What the file system has free. */
  readonly bytesFree: () => number;
}

/** Looks at the size of a database and at the room that it has. */
export interface FileRoom {
  /** Bytes of the file, and of them without use. */
  size(): { readonly whole: number; readonly free: number };
  /** Whether something must go, because the file is larger than it may be or than leaves room to others. */
  isTooLarge(): boolean;
  /** Gives some room back to the file system; false where there is none to give. */
  freePages(): boolean;
}

export function createFileRoom(db: DatabaseSync, { mostBytes, bytesFree }: RoomLimits): FileRoom {
  const sizes = db.prepare(
    'SELECT page_count * page_size AS whole, freelist_count * page_size AS free FROM pragma_page_count, pragma_page_size, pragma_freelist_count',
  );
  const size = () => {
    const { whole, free } = sizes.get() ?? {};
    return { whole: Number(whole), free: Number(free) };
  };
  return {
    size,
    isTooLarge() {
      const { whole, free } = size();
      const room = whole + bytesFree();
      return whole - free > Math.min(mostBytes, Math.max(room - leftFreeBytes, room / 2));
    },
    freePages() {
      if (size().free < keptFreeBytes) return false;
      db.exec(`PRAGMA incremental_vacuum(${freedPages})`);
      return true;
    },
  };
}

/** The free bytes of the file system that a file is in. */
export function bytesFreeBeside(path: string): () => number {
  const folder = dirname(path);
  return () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
}
