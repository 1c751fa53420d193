import { textTable } from '../src/platform/terminal/text-table.ts';
import { machineWords } from './machine-load.ts';
import { type FleetResult, formatLatency } from './result.ts';
import type { DemoRun } from './run.ts';
import { scenario, simulatedTime } from './scenario.ts';
import { seasonWords } from './terminal-view.ts';

/** The name of each fleet in the verdict. */
const titles: Readonly<Record<string, string>> = { forescale: 'Forescale', reactive: 'reactive' };

/** A run shorter than this share of the default duration shows the morning ramp and not the whole day. */
const wholeShare = 0.95;

/** The report at the end: the numbers of both fleets side by side, how busy the machine was, and the verdict. */
export function renderReport({ summary, fleets, shiftSeconds }: DemoRun): string {
  const { verdict, errors, machine, polls, seasons } = summary;
  const times = fleets.flatMap(({ samples }) => samples.map(({ t }) => t));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  if (!(to > from)) return verdict;
  const span = `${simulatedTime(from, shiftSeconds)} to ${simulatedTime(to, shiftSeconds)}`;
  // The fleet without the forecast comes first, as in the verdict.
  const columns = summary.fleets.toReversed();
  const row = (label: string, cell: (fleet: FleetResult) => string) => [label, ...columns.map(cell)];
  const table = textTable([
    row(`${span}, in ${(to - from).toFixed(0)} s`, ({ name }) => titles[name] ?? name),
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
  ]);
  return [
    table,
    ...(to - from < wholeShare * scenario.runSeconds
      ? [
          'This was a part of the day. At a ramp the forecast starts replicas',
          'earlier; the whole day shows what that costs: make demo.',
        ]
      : []),
    `Seasons: ${seasons.map(seasonWords).join(', ') || 'none'}. KEDA polls: ${whole(polls)}`,
    ...machineWords(machine),
    'What is the same for both, and what is compressed: docs/demo.md',
    ...errors.map((error) => `error: ${error}`),
    '',
    verdict,
  ].join('\n');
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
