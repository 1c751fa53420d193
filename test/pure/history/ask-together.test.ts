import { expect, it } from 'vitest';
import { askTogether, type JointCall } from '../../../src/history/joint/ask-together.ts';
import { type Question, waitFor } from '../../../src/history/joint/question.ts';
import { createStanding } from '../../../src/history/joint/standing.ts';

/** A caller whose source answers each query with its text, all of them by one request. */
function wellCall(): JointCall<string> {
  return {
    standing: createStanding({ timeoutMs: 1_000 }),
    mostBytes: () => 100_000,
    compose: (queries) => [{ query: queries.join(), members: queries, membersOf: () => [] }],
    send: async ({ members }) => ({ kind: 'answers', of: members, remarks: [], tookMs: 1 }),
    alone: async (query) => query,
    isEmpty: () => false,
    remarksOf: () => [],
    withRemarks: (result) => result,
  };
}

it('lets the event loop turn between answers that lead to long decisions', async () => {
  const decisionMs = 0.4;
  const questions = Array.from(
    { length: 40 },
    (_, index): Question<string> => ({ query: `q${index}`, waiting: new Set() }),
  );
  const decidedByTurn = new Map<number, number>();
  let turn = 0;
  const isOver = { looking: false };
  const look = () => {
    turn++;
    if (!isOver.looking) setImmediate(look);
  };
  look();
  const decided = questions.map(async (question) => {
    const answered = await waitFor(question, undefined);
    // A refresh hands its answer on, by some promises, until the decision is made.
    for (let hop = 0; hop < 5; hop++) await undefined;
    const untilMs = performance.now() + decisionMs;
    while (performance.now() < untilMs);
    decidedByTurn.set(turn, (decidedByTurn.get(turn) ?? 0) + 1);
    return answered;
  });
  await askTogether(wellCall(), questions);
  isOver.looking = true;
  expect(await Promise.all(decided)).toEqual(questions.map(({ query }) => query));
  // A slice is half a millisecond and ends with the decision in which it is over.
  expect(Math.max(...decidedByTurn.values())).toBeLessThanOrEqual(2);
});
