import { describe, expect, it } from 'vitest';
import { fillingEmpty } from '../../../src/history/empty-is-zero.ts';
import type { RangeReader, RangeRequest } from '../../../src/history/source.ts';

type Rows = readonly (readonly [unixSeconds: number, value: number])[];

function source(rowsOf: Readonly<Record<string, Rows>>) {
  const asked: RangeRequest[] = [];
  const fake: RangeReader = {
    async range(request) {
      asked.push(request);
      const within = (rowsOf[request.query] ?? []).filter(
        ([t]) => t >= request.startSeconds && t <= request.endSeconds,
      );
      return {
        stepSeconds: request.stepSeconds,
        timestamps: Float64Array.from(within, ([t]) => t),
        values: Float64Array.from(within, ([, value]) => value),
        warnings: [],
      };
    },
  };
  return { fake, asked };
}

const request = { query: 'demand', startSeconds: 0, endSeconds: 300, stepSeconds: 60 };
const rows = async (reader: RangeReader, asked: RangeRequest = request) => {
  const { timestamps, values } = await reader.range(asked);
  return [...timestamps].map((t, index) => [t, values[index]]);
};

describe('a history in which no answer means no demand', () => {
  it('has zeros in its gaps and at its end, and none before its first row', async () => {
    const { fake } = source({
      demand: [
        [60, 5],
        [180, 7],
      ],
    });
    const reader = fillingEmpty(fake, { emptyIsZero: true, replicasQuery: undefined });
    expect(await rows(reader)).toEqual([
      [60, 5],
      [120, 0],
      [180, 7],
      [240, 0],
      [300, 0],
    ]);
  });

  it('goes on with zeros where a later read has no row at all', async () => {
    const { fake } = source({ demand: [[60, 5]] });
    const reader = fillingEmpty(fake, { emptyIsZero: true, replicasQuery: undefined });
    await reader.range(request);
    expect(await rows(reader, { ...request, startSeconds: 360, endSeconds: 480 })).toEqual([
      [360, 0],
      [420, 0],
      [480, 0],
    ]);
  });

  it('stays empty where there never was a row', async () => {
    const { fake } = source({ demand: [] });
    expect(await rows(fillingEmpty(fake, { emptyIsZero: true, replicasQuery: undefined }))).toEqual([]);
  });

  it('keeps the phase of its source', async () => {
    const { fake } = source({
      demand: [
        [7, 1],
        [187, 2],
      ],
    });
    const reader = fillingEmpty(fake, { emptyIsZero: true, replicasQuery: undefined });
    expect(await rows(reader)).toEqual([
      [7, 1],
      [67, 0],
      [127, 0],
      [187, 2],
      [247, 0],
    ]);
  });

  it('has zeros only while no replica is ready, and asks for replicas only where something is missing', async () => {
    const ready: Rows = [
      [120, 0],
      [240, 2],
      [300, 0],
    ];
    const { fake, asked } = source({
      demand: [
        [0, 1],
        [60, 5],
        [180, 7],
      ],
      ready,
    });
    const reader = fillingEmpty(fake, { emptyIsZero: false, replicasQuery: 'ready' });
    expect(await rows(reader)).toEqual([
      [0, 1],
      [60, 5],
      [120, 0],
      [180, 7],
      [300, 0],
    ]);
    expect(asked[1]).toMatchObject({ query: 'ready', startSeconds: 120, endSeconds: 300 });
    await reader.range({ ...request, endSeconds: 60 });
    expect(asked).toHaveLength(3);
  });

  it('is the source itself where nobody says so', () => {
    const { fake } = source({});
    expect(fillingEmpty(fake, { emptyIsZero: false, replicasQuery: undefined })).toBe(fake);
  });
});

describe('a partial answer', () => {
  it('is filled with no zero, and the marks of its rows stay with them', async () => {
    const { fake } = source({
      demand: [
        [0, 5],
        [120, 7],
        [240, 9],
      ],
    });
    const partial: RangeReader = {
      range: async (asked) => ({
        ...(await fake.range(asked)),
        isCensored: Uint8Array.of(0, 0, 1),
        partialSpans: [{ startSeconds: 180, endSeconds: 300 }],
      }),
    };
    const filled = await fillingEmpty(partial, { emptyIsZero: true, replicasQuery: undefined }).range(
      request,
    );
    expect([...filled.timestamps]).toEqual([0, 60, 120, 240]);
    expect([...(filled.isCensored ?? [])]).toEqual([0, 0, 0, 1]);
  });

  it('about the replicas does not say that there are none', async () => {
    const { fake } = source({
      demand: [[0, 5]],
      ready: [
        [60, 0],
        [120, 0],
      ],
    });
    const partial: RangeReader = {
      range: async (asked) => ({
        ...(await fake.range(asked)),
        ...(asked.query === 'ready' ? { isCensored: Uint8Array.of(0, 1) } : {}),
      }),
    };
    const filled = await fillingEmpty(partial, { emptyIsZero: false, replicasQuery: 'ready' }).range(request);
    expect([...filled.timestamps]).toEqual([0, 60]);
  });
});
