import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../../src/platform/log.ts';
import { readPeers } from '../../../../src/server/peers/read-peers.ts';

vi.mock('node:dns/promises', () => ({ lookup: () => new Promise(() => undefined) }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('a name service that does not answer keeps a replica from starting for three seconds at most', async () => {
  const options = {
    url: 'http://peers:8080',
    access: { token: undefined },
    clock: () => 0,
    log: silentLogger,
  };
  let known: unknown;
  void readPeers(options).then((list) => {
    known = list;
  });
  await vi.advanceTimersByTimeAsync(3_100);
  expect(known).toEqual([]);
});
