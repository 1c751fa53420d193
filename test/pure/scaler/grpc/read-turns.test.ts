import { describe, expect, it } from 'vitest';
import { createReadTurns, type Reader } from '../../../../src/scaler/grpc/read-turns.ts';

/** Turns that are given when the test says so, of 96 ms each, and what readers read in pieces of 4 bytes; a byte takes a millisecond. */
function createWorld() {
  const scheduled: (() => void)[] = [];
  let nowMs = 0;
  const size = { turnMs: 96, pieceBytes: 4, suspectBytes: 12, nowMs: () => nowMs };
  const turns = createReadTurns(size, (work) => scheduled.push(work));
  let reads: [name: string, bytes: number][] = [];
  const reader = (name: string, bytes: number, isSuspect = false): Reader => {
    let left = bytes;
    return {
      group: name,
      isSuspect: () => isSuspect,
      read(mostBytes) {
        const read = Math.min(mostBytes, left);
        left -= read;
        nowMs += read;
        const last = reads.at(-1);
        if (last?.[0] === name) last[1] += read;
        else reads.push([name, read]);
        return read;
      },
      hasMore: () => left > 0,
    };
  };
  const taken = () => {
    const before = reads.map(([name, bytes]) => `${name} ${bytes}`);
    reads = [];
    return before;
  };
  return {
    turns,
    reader,
    taken,
    /** Gives the next turn, and answers who read in it. */
    turn() {
      const due = scheduled.splice(0);
      expect(due.length).toBeLessThanOrEqual(1);
      for (const work of due) work();
      return taken();
    },
  };
}

describe('turns to read', () => {
  it('come at once for who had nothing to read before, half of a turn at most', () => {
    const { turns, reader, taken, turn } = createWorld();
    turns.ask(reader('poll', 20));
    turns.ask(reader('big', 200));
    expect(taken()).toEqual(['poll 20', 'big 28']);
    turns.ask(reader('late', 10));
    expect(taken()).toEqual([]);
    expect(turn()).toEqual(['big 48', 'late 10']);
  });

  it('let no burst keep a poll from being read, nor polls a burst', () => {
    const { turns, reader, taken, turn } = createWorld();
    for (const name of ['burst 1:', 'burst 2:']) turns.ask(reader(name, 10_000));
    expect(taken()).toEqual(['burst 1: 48']);
    expect(turn()).toEqual(['burst 1: 48', 'burst 2: 48']);
    turns.ask(reader('poll', 20));
    // The second burst was read as somebody new, and has had its half of the turn.
    expect(taken()).toEqual([]);
    expect(turn()).toEqual(['burst 1: 48', 'poll 20']);
    turns.ask(reader('poll', 20));
    expect(taken()).toEqual(['poll 20']);
    // What polls leave is of the bursts, which take turns.
    expect(turn()).toEqual(['burst 2: 56']);
    expect(turn()).toEqual(['burst 1: 96']);
    expect(turn()).toEqual(['burst 2: 96']);
  });

  it('are a trickle for suspects, beside what the others get', () => {
    const { turns, reader, taken, turn } = createWorld();
    for (const name of ['flood 1:', 'flood 2:']) turns.ask(reader(name, 10_000, true));
    expect(taken()).toEqual([]);
    expect(turn()).toEqual(['flood 1: 12']);
    turns.ask(reader('burst', 10_000));
    expect(taken()).toEqual(['burst 48']);
    expect(turn()).toEqual(['flood 2: 12', 'burst 48']);
    expect(turn()).toEqual(['flood 1: 12', 'burst 96']);
  });

  it('end when nothing is left, and begin again', () => {
    const { turns, reader, taken, turn } = createWorld();
    turns.ask(reader('a', 120));
    expect([taken(), turn(), turn(), turn()]).toEqual([['a 48'], ['a 48'], ['a 24'], []]);
    turns.ask(reader('b', 60));
    expect([taken(), turn()]).toEqual([['b 48'], ['b 12']]);
  });

  it('are not given to who has left', () => {
    const { turns, reader, taken, turn } = createWorld();
    const gone = reader('gone', 200);
    turns.ask(gone);
    taken();
    turns.leave(gone);
    expect(turn()).toEqual([]);
  });
});
