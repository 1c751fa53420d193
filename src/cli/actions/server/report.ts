import type { OutcomeJson } from '../../../api/answers/outcome-answer.ts';
import { percentage } from '../../../api/answers/words.ts';
import { OutcomeSchema } from '../../../api/schemas/outcome.ts';
import { WorkloadListSchema } from '../../../api/schemas/workload-list.ts';
import { formatNumber, textTable } from '../../../platform/terminal/text-table.ts';
import { createConcurrencyLimit } from '../../../platform/turns/concurrency-limit.ts';
import type { CommandIo } from '../../command-io.ts';
import type { ReportFlags } from '../../commands/report.ts';
import { notYet } from '../not-yet.ts';
import { readPages } from './list-workloads.ts';
import { createServerClient, type ServerClient } from './server-client.ts';
import { workloadPath } from './workload-path.ts';

/** Requests at once. */
const atOnce = 8;

/** `forescale report`: the last week of each workload by both rules, the worst served first, and what to do. */
export async function report(flags: ReportFlags, io: CommandIo): Promise<void> {
  const client = createServerClient(flags, io);
  try {
    const outcomes = (await readOutcomes(client, flags.values.workload)).toSorted(byServiceMissed);
    const played = outcomes.filter(({ status }) => status === 'ok');
    const { address } = client;
    if (flags.values.json) io.stdout(`${JSON.stringify({ server: address, workloads: outcomes })}\n`);
    else if (outcomes.length > 0) io.stdout(forPeople(outcomes));
    if (played.length > 0) return;
    const message =
      outcomes.length === 0
        ? `${address} knows no workload; KEDA has asked for none, and the configuration declares none`
        : 'no workload has a forecast that could be played; two days of history are needed';
    throw notYet('nothing to report yet', [{ message }]);
  } finally {
    await client.close();
  }
}

async function readOutcomes(
  client: ServerClient,
  wanted: ReportFlags['values']['workload'],
): Promise<readonly OutcomeJson[]> {
  const only: Record<string, string> = wanted === undefined ? {} : { namespace: wanted.namespace };
  const known = await readPages(client, only, WorkloadListSchema);
  const listed = known.filter(({ name }) => wanted === undefined || name === wanted.name);
  // The server says best that it does not know a workload.
  const asked = wanted !== undefined && listed.length === 0 ? [{ ...wanted, trigger: undefined }] : listed;
  const limit = createConcurrencyLimit(atOnce);
  return Promise.all(
    asked.map(({ namespace, name, trigger }) => {
      const path = workloadPath({ namespace, name }, 'outcome');
      const query = trigger === undefined ? '' : `?trigger=${encodeURIComponent(trigger)}`;
      return limit.run(() => client.get(`${path}${query}`, OutcomeSchema));
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

function byServiceMissed(a: OutcomeJson, b: OutcomeJson): number {
  return missed(b) - missed(a);
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

function forPeople(outcomes: readonly OutcomeJson[]): string {
  const names = namesOf(outcomes);
  const rows = outcomes.map((outcome, index) => [names[index] ?? '', ...cellsOf(outcome)]);
  const advice = outcomes.flatMap((outcome, index) => {
    const said = outcome.status === 'ok' ? outcome.advice.map(({ message }) => message) : [outcome.summary];
    return said.map((message) => `${names[index]}: ${message}\n`);
  });
  return `${textTable([heading, ...rows])}\n${advice.join('')}`;
}

/** A name for each workload; one with several triggers is named with the trigger. */
function namesOf(outcomes: readonly OutcomeJson[]): readonly string[] {
  const nameOf = ({ namespace, name }: OutcomeJson) => `${namespace}/${name}`;
  const count = Map.groupBy(outcomes, nameOf);
  return outcomes.map((outcome) => {
    const name = nameOf(outcome);
    return (count.get(name)?.length ?? 0) > 1 ? `${name} (${outcome.trigger})` : name;
  });
}

function cellsOf({ mode, serviceLevel, askedLevel, windows }: OutcomeJson): readonly string[] {
  const week = windows.find(({ window }) => window === '7d');
  if (week === undefined || serviceLevel === null || askedLevel === null) {
    return [mode, ...heading.slice(2).map(() => '–')];
  }
  const { forescale, reactive } = week;
  const short = ({ achievedService }: typeof forescale) =>
    achievedService === null ? '–' : percentage(Number((1 - achievedService).toPrecision(2)));
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
