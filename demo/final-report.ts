import { textTable } from '../src/platform/terminal/text-table.ts';
import { machineWords } from './machine-load.ts';
import { type FleetResult, formatLatency } from './result.ts';
import type { DemoRun } from './run.ts';
import { scene, simulatedTime } from './scene.ts';
import { seasonWords } from './terminal-view.ts';

/** The name of a fleet as it stands in the verdict. */
const titles: Readonly<Record<string, string>> = { forescale: 'Forescale', reactive: 'reactive' };

/** Below this share of what is played unless --for says otherwise, the ramp is judged without the day it is for. */
const wholeShare = 0.95;

/** What a person reads at the end: the numbers of both fleets beside each other, how far to trust them, the verdict. */
export function renderReport({ summary, fleets, shiftSeconds }: DemoRun): string {
  const { verdict, errors, machine, polls, seasons } = summary;
  const times = fleets.flatMap(({ samples }) => samples.map(({ t }) => t));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  if (!(to > from)) return verdict;
  const span = `${simulatedTime(from, shiftSeconds)} to ${simulatedTime(to, shiftSeconds)}`;
  // The one without the forecast first, as in the verdict.
  const columns = summary.fleets.toReversed();
  const row = (label: string, cell: (fleet: FleetResult) => string) => [label, ...columns.map(cell)];
  const table = textTable([
    row(`${span}, in ${(to - from).toFixed(0)} s`, ({ name }) => titles[name] ?? name),
    row('requests sent', ({ requests }) => whole(requests)),
    row('shed: 503, or refused', ({ shed }) => whole(shed)),
    row('of them all', ({ shed, requests }) => percent(requests > 0 ? shed / requests : 0)),
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
    ...(to - from < wholeShare * scene.playSeconds
      ? [
          'This was a part of the day. At a ramp the forecast pays for replicas',
          'earlier; what it costs shows over the whole day: make demo.',
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
