import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../../src/scaler/grpc/connection.ts';
import { createHalfOpenTable } from '../../../../src/scaler/grpc/half-open-table.ts';

const deadlineMs = 20;

/** A table on a clock that the test sets, and one connection with calls that began at the same time. */
function createWorld(calls: number) {
  let nowMs = 0;
  const ended: string[] = [];
  let cuts = 0;
  const connection: Connection = {
    address: 'peer',
    askedMs: 0,
    streams: new Set(),
    halfOpen: new Set(),
    cut: () => cuts++,
  };
  const table = createHalfOpenTable({
    connections: { begun: () => [connection] },
    deadlineMs,
    nowMs: () => nowMs,
  });
  for (let index = 0; index < calls; index++) {
    const call = {
      beganMs: nowMs,
      end(details: string) {
        ended.push(details);
        table.forget(connection, call);
      },
    };
    table.add(connection, call);
  }
  return { connection, ended, cuts: () => cuts, pass: (ms: number) => (nowMs += ms) };
}

describe('calls whose request is late', () => {
  it('are ended one by one where they are few', async () => {
    const { connection, ended, cuts, pass } = createWorld(100);
    pass(deadlineMs + 1);
    await expect.poll(() => ended.length).toBe(100);
    expect(new Set(ended)).toEqual(new Set(['no request came within 0.02 s']));
    expect([cuts(), connection.halfOpen.size]).toEqual([0, 0]);
  });

  it('have their connection cut where they are many', async () => {
    const { connection, ended, cuts, pass } = createWorld(150);
    pass(deadlineMs + 1);
    await expect.poll(cuts).toBe(1);
    expect([ended.length, connection.halfOpen.size]).toEqual([0, 0]);
  });
});
