import { textTable } from '../../src/platform/terminal/text-table.ts';
import { machineWords } from '../machine-load.ts';
import { scenario, simulatedTime } from '../scenario.ts';
import { seasonWords } from '../terminal-view.ts';
import { type FleetResult, formatLatency, reactiveFirst, simulatedReplicaHours } from './result.ts';
import type { DemoRun, DemoSummary } from './summary.ts';

/** The name of each fleet in the verdict. */
const titles: Readonly<Record<string, string>> = { forescale: 'Forescale', reactive: 'reactive' };

/** A run shorter than this share of the default duration shows the morning ramp and not the whole day. */
const wholeShare = 0.95;

/** The report at the end: the numbers of both fleets side by side, how busy the machine was, and the verdict. */
export function renderReport(run: DemoRun): string {
  const { withheld, errors, machine, polls, seasons } = run.summary;
  const span = spanOf(run);
  const said = conclusion(run.summary);
  if (span === undefined) return said[0] ?? '';
  const { seconds } = span;
  return [
    // What a busy machine did to both fleets is no comparison of them.
    ...(withheld === null ? [textTable(comparison(run))] : [`${span.words}, in ${seconds.toFixed(0)} s`]),
    ...(seconds < wholeShare * scenario.runSeconds
      ? [
          'This was a part of the day. At a ramp the forecast starts replicas',
          'earlier; the whole day shows what that costs: make demo.',
        ]
      : []),
    `Seasons: ${seasons.map(seasonWords).join(', ') || 'none'}. KEDA polls: ${whole(polls)}`,
    ...machineWords(machine),
    'What is the same for both, and what is compressed: docs/demo.md',
    ...errors.filter((error) => error !== withheld).map((error) => `error: ${error}`),
    '',
    ...said,
  ].join('\n');
}

/** What came of a run, a sentence each: the verdict, also in money, or why there is none. */
export function conclusion({ verdict, money, withheld }: DemoSummary): readonly string[] {
  if (withheld !== null) return [`The comparison is withheld: ${withheld}.`];
  return [verdict, money].filter((sentence) => sentence !== null);
}

/** The time that the samples are of, in seconds and in the words of the simulated clock; undefined without two samples. */
export function spanOf({ fleets, shiftSeconds }: DemoRun): { words: string; seconds: number } | undefined {
  const times = fleets.flatMap(({ samples }) => samples.map(({ t }) => t));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  if (!(to > from)) return undefined;
  return {
    words: `${simulatedTime(from, shiftSeconds)} to ${simulatedTime(to, shiftSeconds)}`,
    seconds: to - from,
  };
}

/** The rows of the table that compares the fleets, headings first, the reactive fleet before the other. */
export function comparison(run: DemoRun): readonly (readonly string[])[] {
  const span = spanOf(run);
  const columns = reactiveFirst(run.summary.fleets);
  const row = (label: string, cell: (fleet: FleetResult) => string) => [label, ...columns.map(cell)];
  return [
    row(
      `${span?.words ?? 'no time'}, in ${(span?.seconds ?? 0).toFixed(0)} s`,
      ({ name }) => titles[name] ?? name,
    ),
    row('requests sent', ({ requests }) => whole(requests)),
    row('rejected: 503, or refused', ({ shed }) => whole(shed)),
    row('share rejected', ({ shed, requests }) => percent(requests > 0 ? shed / requests : 0)),
    row('p95 of those answered', ({ p95Ms }) => formatLatency(p95Ms)),
    row('time with demand above capacity', ({ scaleUps }) => percent(scaleUps.shortTimeShare)),
    row(
      'scale-ups ready before they were needed',
      ({ scaleUps }) => `${scaleUps.aheadOfDemand} of ${scaleUps.total}`,
    ),
    row('replicas, fewest to most', ({ replicas: { min, max } }) => `${min} to ${max}`),
    row('pod-minutes, those that start included', ({ podMinutes }) => podMinutes.toFixed(1)),
    row('replica-hours of the simulated day', ({ podMinutes }) =>
      simulatedReplicaHours(podMinutes).toFixed(1),
    ),
  ];
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
