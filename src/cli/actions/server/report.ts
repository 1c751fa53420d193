import type { OutcomeJson } from '../../../api/answers/outcome-answer.ts';
import { measuredShare, percentage } from '../../../api/answers/words.ts';
import { OutcomeSchema } from '../../../api/schemas/outcome.ts';
import { formatNumber, textTable } from '../../../platform/terminal/text-table.ts';
import { createConcurrencyLimit } from '../../../platform/turns/concurrency-limit.ts';
import type { CommandIo } from '../../command-io.ts';
import type { ReportFlags } from '../../commands/report.ts';
import { notYet } from '../not-yet.ts';
import { findWorkloads, knowsNone, type NamedWorkload, nameOf } from './list-workloads.ts';
import { createServerClient, type ServerClient } from './server-client.ts';
import { workloadPath } from './workload-path.ts';

/** Requests at once. */
const atOnce = 8;

/** `forescale report`: the last week of each workload by both rules, the worst served first, and what to do. */
export async function report(flags: ReportFlags, io: CommandIo): Promise<void> {
  const client = createServerClient(flags, io);
  try {
    const reported = (await readOutcomes(client, flags.values.workload)).toSorted(byServiceMissed);
    const outcomes = reported.map(({ outcome }) => outcome);
    const { address } = client;
    if (flags.values.json) io.stdout(`${JSON.stringify({ server: address, workloads: outcomes })}\n`);
    else if (outcomes.length > 0) io.stdout(forPeople(reported));
    if (outcomes.some(({ status }) => status === 'ok')) return;
    const message =
      outcomes.length === 0
        ? knowsNone(address)
        : 'no workload has a forecast that could be played; two days of history are needed';
    throw notYet('nothing to report yet', [{ message }]);
  } finally {
    await client.close();
  }
}

interface Reported {
  /** Names the workload for people. */
  readonly name: string;
  readonly outcome: OutcomeJson;
}

async function readOutcomes(
  client: ServerClient,
  wanted: ReportFlags['values']['workload'],
): Promise<readonly Reported[]> {
  const only: Record<string, string> = wanted === undefined ? {} : { namespace: wanted.namespace };
  const { workloads: known } = await findWorkloads(client, only);
  const listed = known.filter(({ name }) => wanted === undefined || name === wanted.name);
  // The server says best that it does not know a workload.
  const asked: readonly NamedWorkload[] = wanted !== undefined && listed.length === 0 ? [wanted] : listed;
  const limit = createConcurrencyLimit(atOnce);
  return Promise.all(
    asked.map(async (workload) => {
      const { trigger, shard } = workload;
      const query = new URLSearchParams({ ...(trigger && { trigger }), ...(shard && { shard }) });
      const path = `${workloadPath(workload, 'outcome')}${query.size === 0 ? '' : `?${query}`}`;
      return { name: nameOf(workload), outcome: await limit.run(() => client.get(path, OutcomeSchema)) };
    }),
  );
}

/** The rule that is served in the mode of a workload. */
function servedOf({ mode, windows }: OutcomeJson) {
  const week = windows.find(({ window }) => window === '7d');
  return week?.[mode === 'active' ? 'forescale' : 'reactive'];
}

/** Short time as a multiple of what is allowed; below 0 where it is not known, so that it comes last. */
function missed(outcome: OutcomeJson): number {
  const { achievedService } = servedOf(outcome) ?? {};
  if (achievedService == null || outcome.serviceLevel === null) return -1;
  return (1 - achievedService) / (1 - outcome.serviceLevel);
}

function byServiceMissed(a: Reported, b: Reported): number {
  return missed(b.outcome) - missed(a.outcome);
}

const heading = [
  'workload, last 7 days',
  'mode',
  'allowed',
  'short',
  'reactive',
  'replica-hours',
  'reactive',
  'level asked',
];

function forPeople(reported: readonly Reported[]): string {
  const rows = reported.map(({ name, outcome }) => [name, ...cellsOf(outcome)]);
  const advice = reported.flatMap(({ name, outcome }) => {
    const said = outcome.status === 'ok' ? outcome.advice.map(({ message }) => message) : [outcome.summary];
    return said.map((message) => `${name}: ${message}\n`);
  });
  return `${textTable([heading, ...rows])}\n${advice.join('')}`;
}

function cellsOf({ mode, serviceLevel, askedLevel, windows }: OutcomeJson): readonly string[] {
  const week = windows.find(({ window }) => window === '7d');
  if (week === undefined || serviceLevel === null || askedLevel === null) {
    return [mode, ...heading.slice(2).map(() => '–')];
  }
  const { forescale, reactive } = week;
  const short = ({ achievedService }: typeof forescale) =>
    achievedService === null ? '–' : measuredShare(1 - achievedService);
  return [
    mode,
    percentage(1 - serviceLevel),
    short(forescale),
    short(reactive),
    formatNumber(forescale.replicaHours),
    formatNumber(reactive.replicaHours),
    percentage(askedLevel),
  ];
}
