import type { DecisionRecord, RecordedDecision } from '../../../src/forecast/index.ts';
import { answerAt, answerSpan } from '../../../src/scaler/record/answer.ts';
import { createMemoryKeeper } from '../../../src/scaler/record/memory-keeper.ts';
import { nowSeconds } from './fixture.ts';

/** The workload of the fixture, and one that is forgotten. */
export const key = { namespace: 'shop', name: 'checkout', trigger: 'a1b2c3d4' };
export const gone = { namespace: 'shop', name: 'gone', trigger: 'b2c3d4e5' };
/** When its first decision was made. */
export const startSeconds = nowSeconds - 3_000;
const inForce = 90;

/** A record in memory, as the server has one without a state directory. */
export function recordOf(made: readonly RecordedDecision[], warning?: string): DecisionRecord {
  const keeper = createMemoryKeeper({ mostWorkloads: 5, mostBytes: 1024 * 1024 });
  for (const decision of made) {
    keeper.append([
      { ...key, decision },
      { ...gone, decision },
    ]);
    keeper.tidy(decision.atSeconds);
  }
  const state = { kept: 'memory', warning } as const;
  return {
    triggers: async (namespace, name) => keeper.triggers(namespace, name),
    at: async (of, seconds) => ({
      ...state,
      ...answerAt(keeper, of, seconds, inForce),
      oldestSeconds: keeper.oldestSeconds(of),
    }),
    read: async (of, span) => ({
      ...state,
      ...answerSpan(keeper, of, span, inForce),
      oldestSeconds: keeper.oldestSeconds(of),
    }),
  };
}
