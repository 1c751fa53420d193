import { type Demand, type Finding, judgedTick, tickSeconds } from '../../what-if/index.ts';

/** The replicas of every policy at every tick that is judged, as CSV: a line for each tick, two columns for each policy. */
export function* traceLines(demand: Demand, findings: readonly Finding[]): Generator<string> {
  const [from, to] = [judgedTick(demand), demand.ticks.length];
  const columns = findings.flatMap(({ participant, usual: { timeline } }) =>
    timeline === undefined
      ? []
      : [
          { name: `${participant.name}_existing`, values: timeline.existing(from, to) },
          { name: `${participant.name}_ready`, values: timeline.ready(from, to) },
        ],
  );
  yield `timestamp,demand,${columns.map(({ name }) => name).join(',')}\n`;
  for (let tick = from; tick < to; tick++) {
    const value = demand.ticks[tick] ?? Number.NaN;
    const replicas = columns.map(({ values }) => values[tick - from]);
    const shown = Number.isNaN(value) ? '' : value;
    yield `${demand.firstSeconds + tick * tickSeconds},${shown},${replicas.join(',')}\n`;
  }
}
