import { describe, expect, it } from 'vitest';
import { answerRecord, type RecordQuestion } from '../../../../src/api/peers.ts';
import type { DecisionRecord, RecordAnswer, ServedDecision } from '../../../../src/forecast/index.ts';
import { shareRecord } from '../../../../src/server/peers/shared-record.ts';
import { decisions } from '../../scaler/record/some-decisions.ts';

const key = { namespace: 'shop', name: 'web', trigger: 'a1' };
const start = 1_767_690_000;
const all = decisions(60, start);
const last = start + 600;
const inForce = 90;

const elsewhere = (some: readonly ServedDecision[]) =>
  some.map((decision) => ({ ...decision, elsewhere: true as const, signal: decision.signal + 1 }));

/** Decisions as one replica has them: those in a span, or the one in force at each step. */
function answer(own: readonly ServedDecision[], span: Parameters<DecisionRecord['read']>[1]): RecordAnswer {
  const { fromSeconds, toSeconds, stepSeconds, limit } = span;
  const within = own.filter(({ atSeconds }) => atSeconds >= fromSeconds && atSeconds <= toSeconds);
  const rowOf = (decision: ServedDecision, atSeconds = decision.atSeconds) =>
    ({ atSeconds, decision, precision: 'exact', came: undefined }) as const;
  const moments = Array.from({ length: 60 }, (_, index) => start + (index + 1) * (stepSeconds ?? 1));
  const rows =
    stepSeconds === undefined
      ? within.map((decision) => rowOf(decision))
      : moments.flatMap((at) => {
          const inForceThen = own.findLast(({ atSeconds }) => atSeconds <= at && at - atSeconds < inForce);
          return inForceThen === undefined ? [] : [rowOf(inForceThen, at)];
        });
  const next = rows[limit]?.atSeconds;
  return {
    kept: 'file',
    warning: undefined,
    rows: rows.slice(0, limit),
    nextSeconds: next,
    oldestSeconds: own[0]?.atSeconds,
  };
}

function recordOf(own: readonly ServedDecision[], state: Partial<RecordAnswer> = {}): DecisionRecord {
  return {
    triggers: async () => ['a1'],
    at: async (_, at) => ({
      ...answer(own, { fromSeconds: at - inForce, toSeconds: at, stepSeconds: undefined, limit: 100 }),
      ...state,
    }),
    read: async (_, span) => ({ ...answer(own, span), ...state }),
  };
}

/** The records of two replicas as each of them shows them. */
function bothOf(one: DecisionRecord, two: DecisionRecord) {
  const asked = (peer: DecisionRecord) => ({
    askRecords: async (question: RecordQuestion) => [
      await answerRecord({ ownRecord: peer, ownEvents: () => [] }, question),
    ],
  });
  return [shareRecord(one, asked(two), inForce), shareRecord(two, asked(one), inForce)] as const;
}

const span = { fromSeconds: start, toSeconds: last, stepSeconds: undefined, limit: 500 };
const signalsOf = ({ rows }: RecordAnswer) =>
  rows.map(({ decision }) => (decision.kind === 'served' ? decision.signal : undefined));

describe('the record of two replicas', () => {
  it('is what KEDA was told, whichever replica shows it, also where KEDA went from one to the other', async () => {
    const [one, two] = bothOf(
      recordOf([...all.slice(0, 30), ...elsewhere(all.slice(30))]),
      recordOf([...elsewhere(all.slice(0, 30)), ...all.slice(30)]),
    );
    const shown = [await one.read(key, span), await two.read(key, span)];
    expect(shown[0]).toEqual(shown[1]);
    expect(signalsOf(shown[0] as RecordAnswer)).toEqual(all.map(({ signal }) => signal));
    const stepped = { ...span, stepSeconds: 10 };
    expect(await one.read(key, stepped)).toEqual(await two.read(key, stepped));
    for (const at of [start + 95, start + 299, start + 301, start + 500]) {
      const row = (await one.at(key, at)).rows[0];
      expect(row?.decision.elsewhere, String(at)).toBeUndefined();
      expect((await two.at(key, at)).rows).toEqual([row]);
    }
  });

  it('has a decision once where both were asked or none was, as of a declared workload', async () => {
    const later = all.map((decision) => ({ ...decision, atSeconds: decision.atSeconds + 0.4 }));
    const [one, two] = bothOf(recordOf(all), recordOf(later));
    const [first, second] = [await one.read(key, span), await two.read(key, span)];
    expect(first).toEqual(second);
    expect(first.rows).toHaveLength(60);
  });

  it('leaves out what a replica decided that was not asked, while what KEDA was told is in force', async () => {
    const others = elsewhere(all).map((decision) => ({ ...decision, atSeconds: decision.atSeconds + 5.5 }));
    const [one, two] = bothOf(recordOf(all.slice(0, 30)), recordOf(others));
    const shown = await one.read(key, span);
    expect(await two.read(key, span)).toEqual(shown);
    const lastTold = all[29]?.atSeconds ?? 0;
    expect(shown.rows.slice(0, 30).map(({ atSeconds }) => atSeconds)).toEqual(
      all.slice(0, 30).map(({ atSeconds }) => atSeconds),
    );
    expect(shown.rows[30]?.atSeconds).toBeGreaterThan(lastTold + inForce);
  });

  it('falls back on what a replica decided that was not asked, where the record of the other is gone', async () => {
    const [one, two] = bothOf(recordOf([]), recordOf(elsewhere(all)));
    const shown = await one.read(key, span);
    expect(await two.read(key, span)).toEqual(shown);
    expect(shown.rows).toHaveLength(60);
    expect(shown.rows.every(({ decision }) => decision.elsewhere === true)).toBe(true);
  });

  it('is read in pages that miss and repeat nothing', async () => {
    const [one] = bothOf(
      recordOf(all.slice(0, 40)),
      recordOf([...elsewhere(all.slice(0, 40)), ...all.slice(40)]),
    );
    const seen: number[] = [];
    let from: number | undefined = start;
    while (from !== undefined) {
      const page: RecordAnswer = await one.read(key, { ...span, fromSeconds: from, limit: 7 });
      seen.push(...page.rows.map(({ atSeconds }) => atSeconds));
      from = page.nextSeconds;
    }
    expect(seen).toEqual(all.map(({ atSeconds }) => atSeconds));
  });

  it('is in files only where all of it is, and repeats the warnings', async () => {
    const [one, two] = bothOf(
      recordOf(all),
      recordOf(elsewhere(all), { kept: 'memory', warning: 'the disk is full' }),
    );
    expect(await one.read(key, span)).toMatchObject({ kept: 'memory', warning: 'the disk is full' });
    expect(await two.read(key, span)).toMatchObject({ kept: 'memory', warning: 'the disk is full' });
  });
});
