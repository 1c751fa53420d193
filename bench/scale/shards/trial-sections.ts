import { ratio, type Section } from '../../report/report.ts';
import type { PhaseName, ShardInPhase, ShardTrialReport, TrialPhase } from './trial-report.ts';

const phaseWords: Readonly<Record<PhaseName, string>> = {
  before: 'all run',
  lost: 'one is away',
  returning: 'it starts again',
  after: 'all run again',
};

/** What was seen, as tables. */
export function trialSections(report: ShardTrialReport): readonly Section[] {
  const { lost, comeback, starts } = report;
  const s = (seconds: number) => `${ratio(seconds, 1)} s`;
  return [
    {
      title: 'Calls and answers',
      notes: [
        `Measured on ${report.recorded}: Node ${report.node}, ${report.cores} cores of ${report.processor}, shared by the three servers, client and source. ${report.workloads.toLocaleString('en-US')} workloads, ${report.callsPerSecondAndShard} calls a second to each shard; history: ${report.history} of rows ${report.step} apart.`,
      ],
      rows: [
        [
          'phase',
          'shard',
          'seconds',
          'calls',
          'failed',
          'answers lowered',
          'alone',
          'lowest answer ÷ before',
          'beside others, lowest',
          'answer ÷ demand',
          'GetMetrics p50 / p99',
          'p99 ÷ before',
          'cores',
          'memory (RSS)',
        ],
        ...report.phases.flatMap((phase) =>
          phase.shards.map((shard) => rowOf(phase, shard, shard.shard === lost, report)),
        ),
      ],
    },
    {
      title: 'Starts',
      notes: [],
      rows: [
        ['', 'until all have forecasts', 'CPU', 'memory at most'],
        ...starts.map(({ shard, seconds, cpuSeconds, peakMiB }) => [
          `first start, ${shard}`,
          s(seconds),
          s(cpuSeconds),
          `${ratio(peakMiB, 0)} MiB`,
        ]),
        [`${lost} after its loss`, s(comeback.forecastSeconds), s(comeback.cpuSeconds), ''],
        ['its process listens', s(comeback.listeningSeconds), '', ''],
        ['its first answer', s(comeback.firstAnswerSeconds), '', ''],
        ['its last failed call', s(comeback.lastFailureSeconds), '', ''],
      ],
    },
  ];
}

function rowOf(
  { name, seconds }: TrialPhase,
  shard: ShardInPhase,
  isLost: boolean,
  { phases }: ShardTrialReport,
): readonly string[] {
  const before = phases[0]?.shards.find((one) => one.shard === shard.shard)?.p99Ms;
  const { p50Ms, p99Ms } = shard;
  return [
    phaseWords[name],
    `${shard.shard}${isLost ? ' (killed)' : ''}`,
    ratio(seconds, 0),
    String(shard.calls),
    String(shard.failed),
    String(shard.lowered),
    String(shard.loweredAlone),
    ratio(shard.lowestRatio, 3),
    ratio(shard.lowestBeside, 3),
    ratio(shard.overDemand, 3),
    `${ratio(p50Ms, 1)} / ${ratio(p99Ms, 1)} ms`,
    ratio(p99Ms === undefined || before === undefined ? undefined : p99Ms / before),
    ratio(shard.cores, 2),
    shard.rssMiB === undefined ? '–' : `${ratio(shard.rssMiB, 0)} MiB`,
  ];
}
