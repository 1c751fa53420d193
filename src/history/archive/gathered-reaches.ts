import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveReach } from './file/archive-keeper.ts';

/**
 * Questions are gathered for so long. A server that starts asks how far the archive of each series reaches, and a message to the thread
 * costs more than what it looks up.
 */
const gatherMs = 1_000;

type Reaches = readonly (ArchiveReach | undefined)[];

/** Makes the function that asks how far the archive of a series reaches, for several series at once. `ask` answers in their order. */
export function gatheringReaches(
  ask: (keys: readonly string[]) => Promise<Reaches>,
): (key: string) => Promise<ArchiveReach | undefined> {
  let keys: string[] = [];
  let answers: Promise<Reaches> | undefined;

  async function askLater(): Promise<Reaches> {
    await sleep(gatherMs, undefined, { ref: false });
    const asked = keys;
    keys = [];
    answers = undefined;
    return ask(asked);
  }

  return async (key) => {
    const place = keys.push(key) - 1;
    answers ??= askLater();
    return (await answers)[place];
  };
}
