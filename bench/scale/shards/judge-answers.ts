import { median, quantile, sum } from 'simple-statistics';
import { curveOf } from '../source/made-demand.ts';
import type { Answer, Looked } from './asking-client.ts';
import type { ShardName } from './sharing.ts';
import type { ShardInPhase } from './trial-report.ts';

/** Share by which an answer may be below the one before: what replicas agree within, and more than the noise of the demand. */
const toleranceRatio = 0.01;
/**
 * Answers of two shards are compared where they were given in the same or neighbouring spans of so many seconds: on a crowded machine
 * one learns its newest rows so much later than another. What is demanded rises by less than half the tolerance meanwhile.
 */
const sameTimeSeconds = 60;

/** The last answer about each workload. */
export function lastValues(answers: readonly Answer[]): ReadonlyMap<string, number> {
  return new Map(answers.map(({ app, value }) => [app, value]));
}

/** What is judged of a shard in a phase; `others` are the answers of the shards that were not killed, but for itself. */
export function judgeAnswers(
  { shard, calls, failed, answers }: Looked,
  parts: {
    readonly before: ReadonlyMap<ShardName, ReadonlyMap<string, number>>;
    readonly others: readonly Answer[];
    /** Demand of a curve at a Unix time. */
    readonly demandAt: (curve: number, unixSeconds: number) => number;
  },
): ShardInPhase {
  const before = parts.before.get(shard);
  const lowestBeside = lowestOf(parts.others);
  const judged = answers.map((answer) => ({
    answer,
    ratio: answer.value / (before?.get(answer.app) ?? Number.NaN),
    beside: answer.value / lowestBeside(answer),
  }));
  const lowered = judged.filter(({ ratio }) => ratio < 1 - toleranceRatio);
  const ratios = judged.map(({ ratio }) => ratio).filter(Number.isFinite);
  const besides = judged.map(({ beside }) => beside).filter(Number.isFinite);
  const times = answers.map(({ ms }) => ms);
  return {
    ...{ shard, calls, failed: sum(Object.values(failed)), failures: failed },
    ...(times.length > 0 && { p50Ms: median(times), p99Ms: quantile(times, 0.99) }),
    answered: lastValues(answers).size,
    lowered: lowered.length,
    loweredAlone: lowered.filter(({ beside }) => !(beside >= 1 - toleranceRatio)).length,
    ...(ratios.length > 0 && { lowestRatio: least(ratios) }),
    ...(besides.length > 0 && { lowestBeside: least(besides) }),
    ...(answers.length > 0 && {
      overDemand: median(
        answers.map(({ app, atSeconds, value }) => value / parts.demandAt(curveOf(app), atSeconds)),
      ),
    }),
  };
}

const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));

/** The lowest of some answers about the same demand at about the same time as another one; NaN where there is none. */
function lowestOf(answers: readonly Answer[]): (answer: Answer) => number {
  const slotOf = ({ atSeconds }: Answer) => Math.floor(atSeconds / sameTimeSeconds);
  const lowest = new Map<string, number>();
  for (const answer of answers) {
    const key = `${curveOf(answer.app)} ${slotOf(answer)}`;
    lowest.set(key, Math.min(answer.value, lowest.get(key) ?? Number.POSITIVE_INFINITY));
  }
  return (answer) => {
    const near = [-1, 0, 1].map((more) => lowest.get(`${curveOf(answer.app)} ${slotOf(answer) + more}`));
    const found = near.filter((value) => value !== undefined);
    return found.length === 0 ? Number.NaN : least(found);
  };
}
