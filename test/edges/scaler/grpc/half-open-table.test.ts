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
  function begin(count: number) {
    for (let index = 0; index < count; index++) {
      const call = {
        beganMs: nowMs,
        end(details: string) {
          ended.push(details);
          table.forget(connection, call);
        },
      };
      table.add(connection, call);
    }
  }
  begin(calls);
  return { connection, ended, begin, cuts: () => cuts, pass: (ms: number) => (nowMs += ms) };
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

describe('calls of a connection that has just begun', () => {
  /** A client that begins so many calls before its first request is written; the first have begun some time ago. */
  function begun(calls: number, oldestMs: number) {
    const world = createWorld(0);
    world.connection.askedMs = Number.NEGATIVE_INFINITY;
    world.begin(1);
    world.pass(oldestMs);
    world.begin(calls - 1);
    return world;
  }

  it('are taken where they are many', () => {
    const { connection, ended, cuts } = begun(3_000, 0);
    expect([ended.length, cuts(), connection.halfOpen.size]).toEqual([0, 0, 3_000]);
  });

  it('are ended alone where they are too many', () => {
    const { connection, ended, cuts } = begun(4_200, 0);
    expect([ended.length, cuts(), connection.halfOpen.size]).toEqual([200, 0, 4_000]);
    expect(new Set(ended)).toEqual(new Set(['too many calls at once']));
  });

  it('have their connection cut where no request has come for seconds', () => {
    const { cuts } = begun(1_001, 2_000);
    expect(cuts()).toBe(1);
  });
});
