import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { askTogether, type JointCall } from './ask-together.ts';
import { type Question, waitFor } from './question.ts';

/**
 * Questions wait so long for others to be asked together with. The loops of thousands of workloads begin within some 10 ms, and a
 * value is seconds old when it is asked for.
 */
const gatheringMs = 30;

/** Questions that are put together at once, which takes some 3 ms. */
const questionsAtOnce = 1_000;

interface Gathered<T> {
  readonly call: JointCall<T>;
  readonly questions: Map<string, Question<T>>;
}

/**
 * Gathers questions until `later` does what it is given, and asks together those of one group; one query that several ask for is
 * asked once.
 */
export function createGathering<T>(
  later: (ask: () => void) => void = (ask) => void setTimeout(ask, gatheringMs),
) {
  const groups = new Map<string, Gathered<T>>();
  let isDue = false;

  async function ask(): Promise<void> {
    isDue = false;
    const all = [...groups.values()];
    groups.clear();
    const slices = createTimeSlices({ sliceFor: 'refresh' });
    for (const { call, questions } of all) {
      const gathered = [...questions.values()];
      for (let at = 0; at < gathered.length; at += questionsAtOnce) {
        if (slices.isOver()) await slices.nextTurn();
        void askTogether(call, gathered.slice(at, at + questionsAtOnce));
      }
    }
  }

  return {
    /** Rejects as the query does alone, and with the signal's reason when that aborts first. */
    ask(
      group: string,
      createCall: () => JointCall<T>,
      query: string,
      signal: AbortSignal | undefined,
    ): Promise<T> {
      const gathered = groups.get(group) ?? { call: createCall(), questions: new Map() };
      groups.set(group, gathered);
      const question = gathered.questions.get(query) ?? { query, waiting: new Set() };
      gathered.questions.set(query, question);
      if (!isDue) later(() => void ask());
      isDue = true;
      return waitFor(question, signal);
    },
  };
}
