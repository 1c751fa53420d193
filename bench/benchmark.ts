import { within } from '../src/platform/deadline.ts';
import { type CalendarOutcome, measureCalendar } from './calendar/measure-calendar.ts';
import { type CostResult, measureCost } from './cost.ts';
import { type HourlyResult, measureHourly } from './hourly/hourly.ts';
import { measureMoney, type TraceMoney } from './money/measure-money.ts';
import { askOpponent } from './opponents/ask-opponent.ts';
import { askOutside } from './opponents/outside/ask-outside.ts';
import { opponentNamed } from './opponents/table.ts';
import { createWindowLane, type WindowLane } from './opponents/window-lane.ts';
import { syntheticPack } from './replay/synthetic-pack.ts';
import { readTrace, type Trace } from './replay/trace.ts';
import { originsOf, replayTrace } from './replay/trace-replay.ts';
import { type BenchSummary, summarise } from './report/summary.ts';
import { type DamageOutcome, isCleanAndSeasonal, measureRobustness } from './robustness/robustness.ts';
import { type Comparison, compare } from './scores/comparison.ts';
import { scoreTrace, type TraceResult } from './scores/trace-result.ts';

/** Parts of the benchmark, each of which can be left out. */
export const benchParts = [
  'accuracy',
  'opponents',
  'money',
  'robustness',
  'hourly',
  'calendar',
  'cost',
] as const;
type BenchPart = (typeof benchParts)[number];

export interface BenchOptions {
  /** Traces, or paths of CSV files to read. */
  readonly traces: readonly (string | Trace)[];
  readonly parts: readonly BenchPart[];
  /** Names in the table of opponents. */
  readonly opponents: readonly string[];
  /** Command of an outside forecaster that takes part; see bench/README.md. */
  readonly outsideCommand?: string | undefined;
  /** Number of origins per trace at which slow opponents are asked. */
  readonly originsAtMost: number;
  /** Distance of the origins, seconds; 0 = every grid step. */
  readonly everySeconds: number;
  /** Number of places in each series at which each kind of damage is done. */
  readonly damagePlaces: number;
  /** Start-ups of a replica for which money is measured. */
  readonly startUpsSeconds: readonly number[];
  /** Whether costs are measured with fewer repetitions, and money for the default alone. */
  readonly isShort: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface BenchReport {
  readonly summary: BenchSummary;
  readonly results: readonly TraceResult[];
  readonly comparisons: readonly Comparison[];
  readonly money: readonly TraceMoney[];
  readonly robustness: readonly DamageOutcome[];
  readonly hourly: HourlyResult | undefined;
  /** Of each trace whose country is known. */
  readonly calendar: readonly CalendarOutcome[];
  readonly cost: CostResult | undefined;
  /** What could not be measured on this machine, and why. */
  readonly skipped: readonly string[];
}

/** Number of traces that are damaged; made series are damaged as well, so that there are always some. */
const robustTracesAtMost = 6;

/** Runs the benchmark: every method forecasts at the same origins of the same traces. */
export async function runBenchmark(options: BenchOptions): Promise<BenchReport> {
  const { parts, signal, onProgress } = options;
  const has = (part: BenchPart) => parts.includes(part);
  const skipped: string[] = [];
  const names = has('opponents') || has('hourly') ? await available(options.opponents, skipped) : [];
  const slow = names.filter((name) => opponentNamed(name)?.kind === 'window');
  const lane = createLazyLane();
  try {
    const { results, comparisons, traces } = await measureTraces(
      options,
      has('opponents') ? names : [],
      lane,
    );
    const hourly = has('hourly')
      ? await measureHourly(
          traces,
          slow.filter((name) => name !== 'prophet'),
          lane,
          signal,
        )
      : undefined;
    const money = has('money') ? await moneyOf(traces, options) : [];
    const robustness = has('robustness') ? await robustnessOf(traces, options) : [];
    const calendar = has('calendar') ? await calendarOf(traces, options) : [];
    onProgress?.('costs');
    const cost = has('cost') ? await measureCost({ isShort: options.isShort, signal }) : undefined;
    const measured = { money, robustness, hourly, calendar, cost };
    return { summary: summarise(results), results, comparisons, ...measured, skipped };
  } finally {
    await lane.close();
  }
}

/** Ends the wait for the other thread, which takes no signal, when the run is interrupted. */
function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return within(Number.POSITIVE_INFINITY, work, { signal });
}

/** The thread of the slow opponents, started by the first question. */
function createLazyLane(): WindowLane {
  let lane: WindowLane | undefined;
  return {
    ask: (question) => {
      lane ??= createWindowLane();
      return lane.ask(question);
    },
    close: async () => lane?.close(),
  };
}

interface MeasuredTraces {
  readonly traces: readonly Trace[];
  readonly results: readonly TraceResult[];
  readonly comparisons: readonly Comparison[];
}

/** Replays the traces one after the other, while slow opponents work in their own thread. */
async function measureTraces(
  options: BenchOptions,
  opponents: readonly string[],
  lane: WindowLane,
): Promise<MeasuredTraces> {
  const { parts, signal, onProgress, originsAtMost, outsideCommand } = options;
  const isReplayed = parts.includes('accuracy') || parts.includes('opponents');
  const traces: Trace[] = [];
  const results: TraceResult[] = [];
  const waiting: Promise<readonly Comparison[]>[] = [];
  for (const [index, source] of options.traces.entries()) {
    const trace = typeof source === 'string' ? await readTrace(source) : source;
    traces.push(trace);
    if (!isReplayed) continue;
    const label = `${index + 1}/${options.traces.length} ${trace.name}`;
    const everySteps = Math.max(1, Math.round(options.everySeconds / trace.grid.stepSeconds));
    const origins = originsOf(trace, everySteps);
    const asking = { lane, originsAtMost, signal };
    const asked = opponents.map((name) => askOpponent(name, trace, origins, asking));
    if (parts.includes('opponents') && outsideCommand !== undefined)
      asked.push(askOutside(outsideCommand, trace, origins, asking));
    // They are awaited after the replay; a failure until then must not end the process.
    for (const one of asked) one.catch(() => undefined);
    const replay = await replayTrace(trace, {
      everySteps,
      signal,
      onProgress: (done) => onProgress?.(`${label} ${Math.round(100 * done)}%`),
    });
    results.push(scoreTrace(trace, replay));
    waiting.push(Promise.all(asked).then((all) => all.map((theirs) => compare(trace, replay, theirs))));
  }
  onProgress?.('waiting for the slow opponents');
  const comparisons = (await unlessInterrupted(Promise.all(waiting), signal)).flat();
  return { traces, results, comparisons };
}

/** The opponents that can run on this machine; the reason why another cannot is added to `skipped`. */
async function available(names: readonly string[], skipped: string[]): Promise<string[]> {
  const kept: string[] = [];
  for (const name of names) {
    const opponent = opponentNamed(name);
    if (opponent === undefined) continue;
    const reason = opponent.kind === 'window' ? await opponent.unavailable() : undefined;
    if (reason === undefined) kept.push(name);
    else skipped.push(`${opponent.title}: ${reason}`);
  }
  return kept;
}

async function moneyOf(traces: readonly Trace[], options: BenchOptions): Promise<TraceMoney[]> {
  const all: TraceMoney[] = [];
  for (const [index, trace] of traces.entries()) {
    const onProgress = (share: number) =>
      options.onProgress?.(`money: ${index + 1}/${traces.length} ${trace.name} ${Math.floor(100 * share)}%`);
    all.push(...(await measureMoney(trace, { ...options, onProgress })));
  }
  return all;
}

async function calendarOf(traces: readonly Trace[], options: BenchOptions): Promise<CalendarOutcome[]> {
  const all: CalendarOutcome[] = [];
  for (const [index, trace] of traces.entries()) {
    options.onProgress?.(`calendar: ${index + 1}/${traces.length} ${trace.name}`);
    const everySteps = Math.max(1, Math.round(options.everySeconds / trace.grid.stepSeconds));
    const outcome = await measureCalendar(trace, { everySteps, signal: options.signal });
    if (outcome !== undefined) all.push(outcome);
  }
  return all;
}

async function robustnessOf(traces: readonly Trace[], options: BenchOptions): Promise<DamageOutcome[]> {
  const made = syntheticPack().flatMap(({ trace, isSeasonal }) => (isSeasonal ? [trace] : []));
  const chosen = [...traces.filter(isCleanAndSeasonal).slice(0, robustTracesAtMost), ...made];
  const outcomes: DamageOutcome[] = [];
  for (const [index, trace] of chosen.entries()) {
    options.onProgress?.(`damage: ${index + 1}/${chosen.length} ${trace.name}`);
    outcomes.push(...(await measureRobustness(trace, options.damagePlaces, options.signal)));
  }
  return outcomes;
}
