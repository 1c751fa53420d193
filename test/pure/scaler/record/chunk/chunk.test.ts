import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedDecision, ServedDecision } from '../../../../../src/forecast/index.ts';
import { decodeChunk, encodeChunk, isWhole } from '../../../../../src/scaler/record/chunk/chunk.ts';
import { encodeWithin } from '../../../../../src/scaler/record/chunk/fit.ts';
import { precisions } from '../../../../../src/scaler/record/chunk/precision.ts';
import { randomRuns } from '../../../../support/random-runs.ts';
import { decisions, someDecisions } from '../some-decisions.ts';

const runs = randomRuns('FORESCALE_INPUTS', 200);
const places = precisions.map((_, place) => place);
const decoded = (chunk: Uint8Array) => decodeChunk(chunk).map(({ decision }) => decision);

describe('a chunk', () => {
  it('gives back when decisions were made, and what was served, to the bit where it is exact', () => {
    fc.assert(
      fc.property(someDecisions, (given) => {
        const back = decoded(encodeChunk(given, 0));
        expect(back.map(({ atSeconds }) => atSeconds)).toEqual(given.map(({ atSeconds }) => atSeconds));
        expect(back.map(signalOf)).toEqual(given.map(signalOf));
        expect(back.map(wordsOf)).toEqual(given.map(wordsOf));
      }),
      runs,
    );
  });

  it('says which decisions were told to nobody, because KEDA asked another replica', () => {
    const made = decisions(6).map((decision, index) =>
      index < 3 ? decision : { ...decision, elsewhere: true as const },
    );
    const none = {
      kind: 'none',
      atSeconds: made[5]?.atSeconds ?? 0,
      reasons: ['nobody'],
      elsewhere: true,
    } as const;
    const back = decoded(encodeChunk([...made, none], 0));
    expect(back.map(({ elsewhere }) => elsewhere === true)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(back.map(signalOf)).toEqual([...made, none].map(signalOf));
  });

  it('gives back the signal as KEDA passes it on, cut to thousandths, where it is not exact', () => {
    fc.assert(
      fc.property(someDecisions, (given) => {
        const back = decoded(encodeChunk(given, 1));
        for (const [index, decision] of back.entries()) {
          const signal = signalOf(given[index]);
          if (signal === undefined || decision.kind === 'none') continue;
          expect(Math.abs(decision.signal - signal)).toBeLessThan(0.001 + 1e-12 * signal);
          expect(decision.atSeconds).toBe(Math.floor(given[index]?.atSeconds ?? 0));
        }
      }),
      runs,
    );
  });

  it('tells demand to within 0.02 %, and never an observed demand above the signal', () => {
    fc.assert(
      fc.property(someDecisions, fc.constantFrom(0, 1), (given, place) => {
        for (const [index, decision] of decoded(encodeChunk(given, place)).entries()) {
          const made = given[index];
          if (decision.kind === 'none' || made?.kind !== 'served') continue;
          for (const name of ['observed', 'predictedPeak', 'cap'] as const) {
            expect(nearby(decision[name], made[name], 0.0002), name).toBe(true);
          }
          expect(decision.observed <= decision.signal || !decision.fresh).toBe(true);
          expect(Math.abs(decision.askedLevel - made.askedLevel)).toBeLessThan(0.002);
        }
      }),
      runs,
    );
  });

  it.each(places)('says the same however often it is read and written again, at precision %i', (place) => {
    fc.assert(
      fc.property(someDecisions, (given) => {
        const once = decoded(encodeChunk(given, place));
        expect(decoded(encodeChunk(once, place)).map(told)).toEqual(once.map(told));
      }),
      runs,
    );
  });

  it('is known to be damaged when a bit of it is another', () => {
    const chunk = encodeChunk(decisions(50), 0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 * chunk.length - 1 }), (bit) => {
        const damaged = chunk.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(isWhole(damaged)).toBe(false);
        expect(() => decodeChunk(damaged)).toThrow('damaged');
      }),
      runs,
    );
    expect(isWhole(chunk)).toBe(true);
  });

  it('keeps the first and the last decision and its bounds however little room there is', () => {
    fc.assert(
      fc.property(someDecisions, fc.integer({ min: 100, max: 3_000 }), (given, mostBytes) => {
        const chunk = encodeWithin(given, mostBytes, 0);
        const back = decoded(chunk);
        expect(Math.floor(back[0]?.atSeconds ?? 0)).toBe(Math.floor(given[0]?.atSeconds ?? 0));
        expect(back.length).toBeLessThanOrEqual(given.length);
        // A decision or two take what they take.
        expect(chunk.length <= mostBytes || back.length <= 2 + given.length / 1024).toBe(true);
      }),
      runs,
    );
  });

  it('stays small where each decision has reasons of its own, and says which are left out', () => {
    const given = decisions(720).map((decision, index) => ({
      ...decision,
      fallbackReasons: [`${'é'.repeat(200)}${String.fromCharCode(0x4e00 + index)}`],
    }));
    const chunk = encodeChunk(given, 1);
    expect(chunk.length).toBeLessThan(10_000);
    const back = decoded(chunk);
    expect(back.map(signalInThousandths)).toEqual(given.map(signalInThousandths));
    expect(wordsOf(back[0] as RecordedDecision)).toEqual(wordsOf(given[0] as RecordedDecision));
    expect(JSON.stringify(wordsOf(back.at(-1) as RecordedDecision))).toContain('not on record');
  });

  it('leaves out at first only decisions that did not change the signal', () => {
    const given = decisions(720);
    const all = encodeChunk(given, 1).length;
    const back = decoded(encodeWithin(given, all - 1, 0));
    expect(back.length).toBeLessThan(given.length);
    for (const { atSeconds, ...decision } of given) {
      const inForce = back.findLast((kept) => kept.atSeconds <= atSeconds);
      expect(signalInThousandths(inForce)).toBe(
        signalInThousandths({ atSeconds, ...decision } as RecordedDecision),
      );
      expect(atSeconds - (inForce?.atSeconds ?? 0)).toBeLessThanOrEqual(61);
    }
  });
});

const signalOf = (decision: RecordedDecision | undefined) =>
  decision?.kind === 'served' ? decision.signal : undefined;
const signalInThousandths = (decision: RecordedDecision | undefined) =>
  Math.floor(1000 * (signalOf(decision) ?? Number.NaN) + 1e-6);

function wordsOf(decision: RecordedDecision) {
  if (decision.kind === 'none') return decision.reasons;
  const { basis, fresh, active, fallbackReasons, threshold, hpaTolerance, serviceLevel, replicas } = decision;
  return { basis, fresh, active, fallbackReasons, threshold, hpaTolerance, serviceLevel, replicas };
}

/** What is compared after reading again: rounding of a double's last bits is no change. */
function told(decision: RecordedDecision) {
  return JSON.parse(
    JSON.stringify(decision, (_key, value) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    ),
  ) as ServedDecision;
}

function nearby(a: number | undefined, b: number | undefined, share: number): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) <= share * Math.abs(b) + 0.001;
}
