/**
 * @typedef {object} Decision a decision on record, as `GET …/decisions` has it; demand in the unit of the query
 * @property {number} at unix seconds
 * @property {number | null} signal null = KEDA got an error
 * @property {number | null} replicasAsked
 * @property {number | null} replicas that the HPA had
 * @property {number | null} expectedPeak
 * @property {number | null} predictedPeak
 * @property {number | null} windowSeconds
 * @property {number | null} came
 */

/** Beyond so many steps without a decision a line has a gap. */
const gapSteps = 2.5;

/**
 * Lines of the past from decisions that are `stepSeconds` apart. `expected` and `bound` are what was forecast for each moment one
 * decision window before it; both end now.
 * @param {readonly Decision[]} decisions
 */
export function recordLines(decisions, { stepSeconds, nowSeconds }) {
  const line = (value, timeOf = ({ at }) => at) => {
    const x = [];
    const y = [];
    for (const decision of decisions) {
      const t = timeOf(decision);
      const before = x.at(-1);
      if (before !== undefined && t <= before) continue;
      if (t > nowSeconds) break;
      if (before !== undefined && t - before > gapSteps * stepSeconds) {
        x.push(before + stepSeconds);
        y.push(null);
      }
      x.push(t);
      y.push(value(decision));
    }
    return { x, y };
  };
  const whenDue = ({ at, windowSeconds }) => at + (windowSeconds ?? 0);
  return {
    signal: line(({ signal }) => signal),
    asked: line(({ replicasAsked }) => replicasAsked),
    running: line(({ replicas }) => replicas),
    expected: line(({ expectedPeak }) => expectedPeak, whenDue),
    bound: line(({ predictedPeak }) => predictedPeak, whenDue),
  };
}

/** How many decisions are judged by what came, and the share of them in which demand stayed at or below what KEDA had been told. */
export function keptSignals(decisions) {
  const judged = decisions.filter(({ came, signal }) => came !== null && signal !== null);
  const kept = judged.filter(({ came, signal }) => came <= signal);
  return { count: judged.length, share: judged.length === 0 ? null : kept.length / judged.length };
}

/** The decisions that asked for another number of replicas than the one before, newest first. */
export function changesOf(decisions) {
  const changes = [];
  for (const [index, decision] of decisions.entries()) {
    const before = decisions[index - 1];
    if (before === undefined || before.replicasAsked === decision.replicasAsked) continue;
    changes.push({ at: decision.at, from: before.replicasAsked, to: decision.replicasAsked });
  }
  return changes.reverse();
}

/** The next change before a moment and the next after it; undefined where there is none. */
export function changesAround(changes, at) {
  return {
    earlier: changes.find((change) => change.at < at),
    later: changes.findLast((change) => change.at > at),
  };
}
