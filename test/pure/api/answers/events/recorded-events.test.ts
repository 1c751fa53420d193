import { describe, expect, it } from 'vitest';
import { recordedEvents } from '../../../../../src/api/answers/events/recorded-events.ts';
import type { DecisionRecord, RecordSpan, ServedDecision } from '../../../../../src/forecast/index.ts';
import { decisions } from '../../../scaler/record/some-decisions.ts';

const key = { namespace: 'shop', name: 'web', trigger: 'a1' };

/** A record that is read in pages, and the spans that it was asked for. */
function recordOf(all: readonly ServedDecision[]) {
  const asked: RecordSpan[] = [];
  const read: DecisionRecord['read'] = async (_, span) => {
    asked.push(span);
    const within = all.filter(({ atSeconds }) => atSeconds >= span.fromSeconds);
    const rows = within.slice(0, span.limit).map((decision) => ({
      ...{ atSeconds: decision.atSeconds, decision, precision: 'exact' as const },
      came: undefined,
    }));
    const state = { kept: 'file', warning: undefined, oldestSeconds: undefined } as const;
    return { ...state, rows, nextSeconds: within[span.limit]?.atSeconds };
  };
  return { asked, record: { read } as DecisionRecord };
}

describe('the events of a record', () => {
  it('are found where a page ends, too, each once', async () => {
    for (const change of [1, 499, 500, 501, 1_000]) {
      const all = decisions(1_200).map((decision, index) =>
        index < change ? decision : { ...decision, threshold: 12 },
      );
      const { record, asked } = recordOf(all);
      const span = { fromSeconds: all[0]?.atSeconds ?? 0, toSeconds: all.at(-1)?.atSeconds ?? 0 };
      const events = await recordedEvents(record, key, span);
      expect(events.map(({ at, kind }) => [at, kind])).toEqual([[all[change]?.atSeconds, 'trigger-changed']]);
      expect(asked).toHaveLength(3);
    }
  });

  it('are those of each minute in more than a day', async () => {
    const { record, asked } = recordOf(decisions(2));
    await recordedEvents(record, key, { fromSeconds: 0, toSeconds: 86_400 });
    await recordedEvents(record, key, { fromSeconds: 0, toSeconds: 86_401 });
    expect(asked.map(({ stepSeconds }) => stepSeconds)).toEqual([undefined, 60]);
  });
});
