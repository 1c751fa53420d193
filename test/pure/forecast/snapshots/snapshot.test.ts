import { describe, expect, it } from 'vitest';
import {
  knownRowsAmong,
  newestRows,
  noRows,
  type Snapshot,
} from '../../../../src/forecast/snapshots/snapshot.ts';

type Given = readonly [unixSeconds: number, value: number, isCensored?: boolean];

const read = (...rows: readonly Given[]) => ({
  timestamps: Float64Array.from(rows, ([time]) => time),
  values: Float64Array.from(rows, ([, value]) => value),
  isCensored: Uint8Array.from(rows, ([, , isCensored]) => (isCensored === true ? 1 : 0)),
});

describe('the newest rows of a history', () => {
  it('are the last 32, over as many reads as they came in', () => {
    const rows = Array.from({ length: 50 }, (_, i): Given => [i, 10 * i, i % 7 === 0]);
    const whole = newestRows(noRows, read(...rows));
    let parts = noRows;
    for (const row of rows) parts = newestRows(parts, read(row));
    expect(parts).toEqual(whole);
    expect(whole.timestamps).toEqual(rows.slice(-32).map(([time]) => time));
    expect(whole.isCensored.filter(Boolean)).toHaveLength(5);
  });
});

describe('rows that a snapshot knows', () => {
  const snapshot: Snapshot = {
    readUntilSeconds: 400,
    rows: 3,
    lastRows: newestRows(noRows, read([100, 1], [200, Number.NaN], [300, 3, true])),
    forecaster: new Uint8Array(),
    followers: new Map(),
  };
  const known = (...rows: readonly Given[]) => knownRowsAmong(read(...rows), snapshot);

  it('are counted, and not learned twice', () => {
    expect(known([100, 1], [200, Number.NaN], [300, 3, true], [500, 5], [600, 6])).toBe(3);
    expect(known([100, 1 + 1e-15], [300, 3, true])).toBe(2);
  });

  it('may be gone from the source', () => {
    expect(known([500, 5])).toBe(0);
    expect(known()).toBe(0);
  });

  it('are not what the source says where a value has changed, came late, or counts otherwise', () => {
    expect(known([100, 1.001], [500, 5])).toBeUndefined();
    expect(known([100, 1], [200, 0])).toBeUndefined();
    expect(known([150, 1])).toBeUndefined();
    expect(known([400, 4])).toBeUndefined();
    expect(known([300, 3, false])).toBeUndefined();
  });
});
