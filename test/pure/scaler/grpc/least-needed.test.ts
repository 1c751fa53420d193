import { expect, it } from 'vitest';
import type { Connection } from '../../../../src/scaler/grpc/connection.ts';
import { leastNeeded } from '../../../../src/scaler/grpc/connections.ts';

interface Given {
  readonly name: string;
  readonly address: string;
  readonly connection?: Connection;
}

/** A connection with so many calls, of which some are half open. */
const asking = (askedMs: number, calls = 0, halfOpen = 0) =>
  ({ askedMs, streams: { size: calls }, halfOpen: { size: halfOpen } }) as Connection;

const keda: Given = { name: 'keda', address: '10.0.0.1', connection: asking(100) };

it('is of the address that has the most', () => {
  const others = ['a', 'b'].map((name) => ({ name, address: '10.0.0.9', connection: asking(200, 1) }));
  expect(leastNeeded([keda, ...others])?.name).toBe('a');
});

it('is one over which gRPC was never spoken, then the one that asked the longest time ago', () => {
  const address = keda.address;
  const silent = { name: 'silent', address };
  const older = { name: 'older', address, connection: asking(50) };
  const newer = { name: 'newer', address, connection: asking(150) };
  expect(leastNeeded([keda, older, newer, silent])?.name).toBe('silent');
  expect(leastNeeded([keda, newer, older])?.name).toBe('older');
});

it('is none with calls under way while there is one without, or with calls that are half open', () => {
  const address = keda.address;
  const streams = { name: 'streams', address, connection: asking(1, 500) };
  const halfOpen = { name: 'half open', address, connection: asking(-Infinity, 500, 500) };
  expect(leastNeeded([streams, keda])?.name).toBe('keda');
  expect(leastNeeded([streams, keda, halfOpen])?.name).toBe('half open');
});

it('is nobody where there is nobody', () => {
  expect(leastNeeded([])).toBeUndefined();
});
