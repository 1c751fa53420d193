import { within } from '../src/platform/deadline.ts';
import { type CostResult, measureCost } from './cost.ts';
import { type Challenge, challenge, type Duel, scoreDuel } from './duel.ts';
import { horizonsOn } from './horizons.ts';
import { type HourlyResult, measureHourly } from './hourly.ts';
import { opponentNamed } from './opponents/table.ts';
import { createWindowLane, type WindowLane } from './opponents/window-lane.ts';
import { type BenchSummary, summarise } from './report/summary.ts';
import { type FaultOutcome, isCleanAndSeasonal, measureRobustness } from './robustness.ts';
import { syntheticPack } from './synthetic-pack.ts';
import { readTrace, type Trace } from './trace.ts';
import { originsOf, replayTrace } from './trace-replay.ts';
import { scoreTrace, type TraceResult } from './trace-result.ts';

/** What can be left out. */
export const benchParts = ['accuracy', 'opponents', 'robustness', 'hourly', 'cost'] as const;
type BenchPart = (typeof benchParts)[number];

export interface BenchOptions {
  /** Read where it is a path. */
  readonly traces: readonly (string | Trace)[];
  readonly parts: readonly BenchPart[];
  /** Names of the table of opponents. */
  readonly opponents: readonly string[];
  /** Of the slow ones, at each trace. */
  readonly originsAtMost: number;
  /** Distance of the origins; 0 = every grid step. */
  readonly everySeconds: number;
  /** Places a fault is put at in each series. */
  readonly faultPlaces: number;
  /** Fewer repetitions of the costs. */
  readonly isShort: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface BenchReport {
  readonly summary: BenchSummary;
  readonly results: readonly TraceResult[];
  readonly duels: readonly Duel[];
  readonly robustness: readonly FaultOutcome[];
  readonly hourly: HourlyResult | undefined;
  readonly cost: CostResult | undefined;
  /** What could not be done here, and why. */
  readonly skipped: readonly string[];
}

/** Seasonal series beyond the traces that qualify, so that there are always some. */
const robustTracesAtMost = 6;

/** Everything in one run: every method at the same origins of the same traces. */
export async function runBenchmark(options: BenchOptions): Promise<BenchReport> {
  const { parts, signal, onProgress } = options;
  const has = (part: BenchPart) => parts.includes(part);
  // The work in the other thread takes no signal, so the wait for it is ended.
  const unlessInterrupted = <T>(work: Promise<T>) => within(Number.POSITIVE_INFINITY, work, { signal });
  const skipped: string[] = [];
  const rivals = has('opponents') || has('hourly') ? await available(options.opponents, skipped) : [];
  const slow = rivals.filter((name) => opponentNamed(name)?.kind === 'window');
  // The thread is started by the first question and only where there is one.
  let lane: WindowLane | undefined;
  const lazyLane: WindowLane = {
    ask: (question) => {
      lane ??= createWindowLane();
      return lane.ask(question);
    },
    close: async () => lane?.close(),
  };
  try {
    const results: TraceResult[] = [];
    const duels: Promise<readonly Duel[]>[] = [];
    const traces: Trace[] = [];
    for (const [index, source] of options.traces.entries()) {
      const trace = typeof source === 'string' ? await readTrace(source) : source;
      traces.push(trace);
      if (!has('accuracy') && !has('opponents')) continue;
      const label = `${index + 1}/${options.traces.length} ${trace.name}`;
      const everySteps = Math.max(1, Math.round(options.everySeconds / trace.grid.stepSeconds));
      const asked = has('opponents') ? challengeAll(trace, everySteps, rivals, lazyLane, options) : [];
      const replay = await replayTrace(trace, {
        everySteps,
        signal,
        onProgress: (done) => onProgress?.(`${label} ${Math.round(100 * done)}%`),
      });
      results.push(scoreTrace(trace, replay));
      duels.push(Promise.all(asked).then((all) => all.map((rival) => scoreDuel(trace, replay, rival))));
    }
    onProgress?.('waiting for the slow opponents');
    const fought = (await unlessInterrupted(Promise.all(duels))).flat();
    const hourly = has('hourly')
      ? await unlessInterrupted(
          measureHourly(
            traces,
            slow.filter((name) => name !== 'prophet'),
            lazyLane,
          ),
        )
      : undefined;
    const robustness = has('robustness') ? await robustnessOf(traces, options) : [];
    onProgress?.('costs');
    const cost = has('cost') ? measureCost({ isShort: options.isShort }) : undefined;
    return { summary: summarise(results), results, duels: fought, robustness, hourly, cost, skipped };
  } finally {
    await lazyLane.close();
  }
}

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

function challengeAll(
  trace: Trace,
  everySteps: number,
  names: readonly string[],
  lane: WindowLane,
  { originsAtMost }: BenchOptions,
): Promise<Challenge>[] {
  const origins = originsOf(trace, everySteps);
  const horizonsSeconds = horizonsOn(trace.grid.stepSeconds);
  const asked = names.flatMap((name) => {
    const opponent = opponentNamed(name);
    return opponent === undefined
      ? []
      : [challenge(name, opponent, trace, origins, horizonsSeconds, { lane, originsAtMost })];
  });
  // They are awaited later; a failure until then must not end the process.
  for (const one of asked) one.catch(() => undefined);
  return asked;
}

async function robustnessOf(traces: readonly Trace[], options: BenchOptions): Promise<FaultOutcome[]> {
  const made = syntheticPack().flatMap(({ trace, isSeasonal }) => (isSeasonal ? [trace] : []));
  const chosen = [...traces.filter(isCleanAndSeasonal).slice(0, robustTracesAtMost), ...made];
  const outcomes: FaultOutcome[] = [];
  for (const [index, trace] of chosen.entries()) {
    options.onProgress?.(`faults: ${index + 1}/${chosen.length} ${trace.name}`);
    outcomes.push(...(await measureRobustness(trace, options.faultPlaces, options.signal)));
  }
  return outcomes;
}
