import type { WorkloadView } from '../../../forecast/index.ts';
import { toForescaleError } from '../../../platform/errors.ts';
import type { PastDecision } from '../../ports.ts';
import type { Selector } from '../promql/expression.ts';
import { type Labels, type Matcher, matchesAll } from '../promql/matcher.ts';
import { usualQuantiles } from '../series/forecast.ts';
import { isDetail, servedMetrics } from '../series/metrics.ts';
import { type Line, lookbackMs, type Span, type Subject } from '../series/subject.ts';
import type { Question } from './question.ts';

/** A series: its labels, and its value at a moment in unix milliseconds, NaN where there is none. */
interface Series {
  readonly labels: Labels;
  valueAt(atMs: number): number;
}

const ofWorkload = ['namespace', 'trigger', 'workload'];
/** So long ago is now for somebody who asks about one moment: clocks differ, and KEDA leaves fractions of a second out. */
const recentMs = 60_000;
/** Most quantiles that a selector may name, as in the forecast route. */
const mostQuantiles = 20;

/** The series that a selector asks for and that may have values in the span. `stepMs` is the distance of the moments in it. */
export async function* selectSeries(
  { matchers }: Pick<Selector, 'matchers'>,
  span: Span,
  stepMs: number,
  question: Question,
): AsyncGenerator<Series> {
  const names = metricNames(matchers, question);
  for await (const [subject, shared] of subjects(matchers, span, stepMs, question)) {
    for (const [name, metric] of names) {
      for (const line of await metric.lines(subject)) {
        const labels = labelsOf(name, line.labels, shared);
        if (matchesAll(matchers, labels)) yield { labels, valueAt: line.valueAt };
      }
    }
  }
}

/** The labels of the series that a selector asks for and that have a value now. */
export async function* knownSeries(
  { matchers }: Pick<Selector, 'matchers'>,
  question: Question,
): AsyncGenerator<Labels> {
  const names = metricNames(matchers, question);
  const now = { fromMs: question.nowMs, toMs: question.nowMs };
  for await (const [subject, shared] of subjects(matchers, now, 0, question)) {
    for (const [name, metric] of names) {
      for (const own of metric.known(subject)) {
        const labels = labelsOf(name, own, shared);
        if (matchesAll(matchers, labels)) yield labels;
      }
    }
  }
}

function metricNames(matchers: readonly Matcher[], { notes }: Question) {
  const asked = matchers.filter(({ label }) => label === '__name__');
  const isMeant = (name: string) => !isDetail(name) || asked.some(({ named }) => named.includes(name));
  const names = Object.entries(servedMetrics).filter(
    ([name]) => isMeant(name) && asked.every(({ matches }) => matches(name)),
  );
  if (names.length === 0 && asked.length > 0) {
    const what = asked.flatMap(({ named }) => named).join(', ');
    notes.add(`no metric here is named ${what}; there are ${Object.keys(servedMetrics).join(', ')}`);
  }
  return names;
}

/** The workloads whose labels match, one after the other, in slices. */
async function* subjects(
  matchers: readonly Matcher[],
  span: Span,
  stepMs: number,
  question: Question,
): AsyncGenerator<readonly [Subject, Line['labels']]> {
  const { directory, nowMs, limits, slices, notes } = question;
  const asked = matchers.filter(({ label }) => ofWorkload.includes(label));
  const workloads = candidates(matchers, directory);
  const ambiguous = await namesOfSeveral(workloads, slices);
  const quantiles = quantilesNamed(matchers);
  for (const workload of workloads) {
    if (slices.isOver()) await slices.nextTurn();
    const shared = sharedLabels(workload, ambiguous);
    if (!matchesAll(asked, new Map(shared))) continue;
    question.budget.spend(1);
    const subject = {
      workload,
      nowMs,
      span,
      decision: workload.decision(),
      quantiles,
      maxSteps: limits.forecastPoints,
      pastDecisions: pastOf(workload, span, stepMs, question),
      warn: (message: string) => notes.add(`${workload.namespace}/${workload.name}: ${message}`),
    };
    yield [subject, shared];
  }
}

/**
 * Reads the record once, when it is first asked for, and only where the span begins in the past: nobody who asks what KEDA is told now
 * waits for it. Without the record the past is not there, and a warning says why.
 */
function pastOf(
  { namespace, name, trigger }: WorkloadView,
  { fromMs, toMs }: Span,
  stepMs: number,
  { pastDecisions, nowMs, signal, notes }: Question,
): () => Promise<readonly PastDecision[]> {
  const isNow = stepMs === 0 && fromMs >= nowMs - recentMs;
  if (pastDecisions === undefined || isNow || fromMs > nowMs) return async () => [];
  const read = async () => {
    const span = {
      fromSeconds: (fromMs - lookbackMs) / 1000,
      toSeconds: Math.min(toMs, nowMs) / 1000,
      stepSeconds: stepMs / 1000,
    };
    try {
      return await pastDecisions({ namespace, name, trigger }, span, signal);
    } catch (error) {
      signal.throwIfAborted();
      notes.add(`${namespace}/${name}: past decisions cannot be read: ${toForescaleError(error).message}`);
      return [];
    }
  };
  let once: Promise<readonly PastDecision[]> | undefined;
  return () => {
    once ??= read();
    return once;
  };
}

const nameOf = ({ namespace, name }: WorkloadView) => `${namespace}/${name}`;

/** The workloads among which to look: only those of a name where one is asked for, as KEDA does for each of thousands. */
function candidates(matchers: readonly Matcher[], directory: Question['directory']): readonly WorkloadView[] {
  const exactly = (wanted: string) =>
    matchers.find(({ label, operator }) => label === wanted && operator === '=')?.named[0];
  const namespace = exactly('namespace');
  const name = exactly('workload');
  return namespace === undefined || name === undefined ? directory.list() : directory.find(namespace, name);
}

/** Names under which more than one trigger is known: their series need another label. */
async function namesOfSeveral(
  workloads: readonly WorkloadView[],
  slices: Question['slices'],
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const several = new Set<string>();
  for (const workload of workloads) {
    const name = nameOf(workload);
    if (seen.has(name)) several.add(name);
    seen.add(name);
    if (slices.isOver()) await slices.nextTurn();
  }
  return several;
}

function sharedLabels(workload: WorkloadView, ambiguous: ReadonlySet<string>): Line['labels'] {
  const { namespace, name, trigger } = workload;
  const several = ambiguous.has(nameOf(workload)) ? ([['trigger', trigger]] as const) : [];
  return [['namespace', namespace], ...several, ['workload', name]];
}

/** Labels in the order of their names. */
function labelsOf(name: string, own: Line['labels'], shared: Line['labels']): Labels {
  const others = own.length === 0 ? shared : [...shared, ...own].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map([['__name__', name], ...others]);
}

/** The usual quantiles and those that are asked for by their value, as `quantile="0.975"`. */
function quantilesNamed(matchers: readonly Matcher[]): readonly string[] {
  const named = matchers
    .filter(({ label }) => label === 'quantile')
    .flatMap(({ named }) => named)
    .filter((value) => /^0\.\d{1,9}$/.test(value) && Number(value) > 0 && String(Number(value)) === value);
  return [...new Set([...usualQuantiles, ...named.slice(0, mostQuantiles)])];
}
