import { createTimeSlices } from '../../../platform/turns/time-slices.ts';
import { type ClusterQuestion, selectorOf } from '../cluster-metrics.ts';
import { namespaceBatches } from '../namespace-batches.ts';
import type { FollowedStarts } from './followed-starts.ts';
import { createPartSize } from './part-size.ts';
import { readStarts } from './read-starts.ts';
import { tickSeconds } from './start-queries.ts';

interface Asked extends Omit<ClusterQuestion, 'selector' | 'atSeconds'> {
  readonly matchers?: string | undefined;
  /** Age from which samples no longer change. */
  readonly settleSeconds: number;
  readonly nowSeconds: number;
}

/**
 * Reads every start that is settled and was not read, in parts of some hours and some namespaces, and learns from them. Rejects
 * where a part fails however small it is; what was read before it is kept.
 */
export async function readDueStarts(starts: FollowedStarts, asked: Asked): Promise<void> {
  const { metrics, matchers, settleSeconds, nowSeconds, signal } = asked;
  const untilSeconds = Math.floor((nowSeconds - settleSeconds) / tickSeconds) * tickSeconds;
  const size = createPartSize();
  const slices = createTimeSlices({ signal });
  for (let due = starts.due(untilSeconds); due !== undefined; due = starts.due(untilSeconds)) {
    const { fromSeconds } = due;
    const [namespaces = []] = namespaceBatches(due.workloads);
    const atSeconds = size.endOf(fromSeconds, untilSeconds);
    const question = { metrics, selector: selectorOf(namespaces, matchers), atSeconds, signal };
    try {
      const read = await readStarts(question, (atSeconds - fromSeconds) / tickSeconds);
      starts.add(fromSeconds, new Set(namespaces), read, atSeconds);
    } catch (error) {
      signal.throwIfAborted();
      if (!size.halve(error)) throw error;
    }
    if (slices.isOver()) await slices.nextTurn();
  }
  for (const learn of starts.unlearned(untilSeconds)) {
    learn();
    if (slices.isOver()) await slices.nextTurn();
  }
}
