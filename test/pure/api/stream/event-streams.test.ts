import type { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { defaultLimits } from '../../../../src/api/limits.ts';
import { createEventStreams } from '../../../../src/api/stream/event-streams.ts';
import type { Change, LiveChanges } from '../../../../src/api/stream/live-changes.ts';

const workload = { namespace: 'shop', name: 'web', trigger: 'a1' };
const change: Change = { event: 'decision', workload, data: { text: 'x'.repeat(500) } };

/** Opens streams that nobody reads, tells so many changes, and gives what is kept for those that are still open. */
async function keptAfter(changes: number, streams: number, limits: Partial<typeof defaultLimits>) {
  const listeners = new Set<(change: Change) => void>();
  const live: Pick<LiveChanges, 'listen'> = {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const { open } = createEventStreams(live, { ...defaultLimits, ...limits });
  const opened: Readable[] = Array.from({ length: streams }, () => open(() => true));
  for (let index = 0; index < changes; index++) {
    for (const listener of listeners) listener({ ...change });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const kept = opened.filter(({ destroyed }) => !destroyed).map(({ readableLength }) => readableLength);
  for (const stream of opened) stream.destroy();
  return kept;
}

it('keeps for one who does not read as much as one may have', async () => {
  const kept = await keptAfter(100, 1, { streamBytes: 80_000, streamBytesTogether: 100_000 });
  expect(kept[0]).toBeGreaterThan(50_000);
  expect(await keptAfter(200, 1, { streamBytes: 80_000, streamBytesTogether: 100_000 })).toEqual([]);
});

it('keeps no more for many who do not read than all may have together', async () => {
  const together = 100_000;
  let most = 0;
  for (const changes of [5, 15, 25, 50, 100]) {
    const kept = await keptAfter(changes, 10, { streamBytes: 80_000, streamBytesTogether: together });
    most = Math.max(
      most,
      kept.reduce((sum, bytes) => sum + bytes, 0),
    );
  }
  expect(most).toBeGreaterThan(together / 4);
  // Each may have one change more than its share.
  expect(most).toBeLessThan(together + 10 * 700);
});
