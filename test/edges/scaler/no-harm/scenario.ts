import fc from 'fast-check';
import type { CalendarEvent } from '../../../../src/forecast/index.ts';
import type { ErrorCode } from '../../../../src/platform/errors.ts';
import type { DemandShape } from './virtual-demand.ts';

/** A way in which a source answers badly. `hang` is a question whose answer never came in time. */
export type SourceFault =
  | { readonly kind: 'throws'; readonly code: ErrorCode }
  | { readonly kind: 'value'; readonly value: number }
  | {
      readonly kind: 'empty' | 'partial and low' | 'another time' | 'negative' | 'unsorted' | 'bug' | 'hang';
    };

/** A way in which a model answers badly when it is asked for the peak. */
export type ModelFault = 'throws' | 'NaN' | 'infinite' | 'learning';

/** From poll `from` on, for `polls` polls. */
interface Span {
  readonly from: number;
  readonly polls: number;
}

export interface SourceEpisode extends Span {
  readonly query: number;
  readonly of: 'instant' | 'range' | 'both';
  readonly fault: SourceFault;
}

interface ModelEpisode extends Span {
  readonly query: number;
  readonly fault: ModelFault;
}

/** Events that a calendar has from one poll to another: then it cannot be read any more, or somebody removed them. */
export interface CalendarEpisode extends Span {
  readonly query: number;
  /** Times are seconds from the start of the scenario. */
  readonly events: readonly CalendarEvent[];
}

/** An archive of demand that is older than what the source has. */
interface ArchiveWish {
  /** Half of what is older cannot be read any more. */
  readonly isDamaged: boolean;
  /** Poll from which on it gives and takes nothing. */
  readonly lostFrom: number;
}

/** What happens once, just before a poll. */
export interface SceneEvent {
  readonly poll: number;
  readonly what:
    | { readonly kind: 'restart' | 'kill switch' | 'forget' }
    | { readonly kind: 'clock jump'; readonly seconds: number }
    | { readonly kind: 'edited threshold'; readonly workload: number; readonly threshold: string }
    | { readonly kind: 'edited query'; readonly workload: number; readonly query: number };
}

export interface WorkloadWish {
  readonly namespace: 'left' | 'right';
  readonly query: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** How long rows and seasons are: short enough that a whole life costs some milliseconds. */
interface TimeScale {
  readonly stepSeconds: number;
  readonly seasonSeconds: number;
  readonly historySeconds: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Who is asked beside the first replica: a `twin` started with it and asked in another way, one that is started `late`, or one
 * that knows the workloads of one tenant `alone`.
 */
type Companion = 'twin' | 'late' | 'alone';

/** The HPA of a workload as the cluster tells of it. */
export interface VirtualHpa {
  readonly replicas: number;
  /** It is seen in one of so many looks. */
  readonly everyLooks: number;
  /** Age of what is seen. */
  readonly ageSeconds: number;
  readonly toleranceUp: number | undefined;
  /** The lead time that is learned so many seconds after the start. */
  readonly leadSeconds: number;
  readonly learnedAfterSeconds: number;
}

export interface Scenario {
  readonly scale: TimeScale;
  readonly startSeconds: number;
  readonly demands: readonly DemandShape[];
  readonly workloads: readonly WorkloadWish[];
  /** By workload; undefined where the cluster tells nothing. */
  readonly hpas: readonly (VirtualHpa | undefined)[];
  readonly companion: Companion;
  /** Seconds before each poll. */
  readonly gaps: readonly number[];
  readonly sourceEpisodes: readonly SourceEpisode[];
  readonly modelEpisodes: readonly ModelEpisode[];
  readonly calendarEpisodes: readonly CalendarEpisode[];
  /** Undefined = demand is not archived. */
  readonly archive?: ArchiveWish | undefined;
  readonly events: readonly SceneEvent[];
}

const queries = 2;
const mostPolls = 12;
const mostWorkloads = 3;

export const scales: readonly [TimeScale, TimeScale, TimeScale] = [
  {
    stepSeconds: 60,
    seasonSeconds: 1800,
    historySeconds: 6000,
    metadata: { queryStep: '1m', seasons: '30m', historyTimeWindow: '3h', predictHorizon: '30m' },
  },
  {
    stepSeconds: 1800,
    seasonSeconds: 86_400,
    historySeconds: 200_000,
    metadata: { queryStep: '30m', historyTimeWindow: '4d' },
  },
  {
    stepSeconds: 3600,
    seasonSeconds: 86_400,
    historySeconds: 86_400,
    metadata: { queryStep: '1h', historyTimeWindow: '4d' },
  },
];

const level = fc.constantFrom(0.002, 0.5, 7, 40, 300, 25_000, 1e9);
const demand: fc.Arbitrary<DemandShape> = fc.record({
  kind: fc.constantFrom('constant', 'daily', 'nights of zero', 'spikes', 'ramp', 'zero', 'absent', 'daily'),
  level,
  noise: fc.constantFrom(0, 0.1, 1),
  glitchShare: fc.constantFrom(0, 0, 0, 0.01, 0.1),
  glitchValue: fc.constantFrom(0, 1e4, 1e12, 1e308),
  salt: fc.nat(1_000_000),
  emptyIsZero: fc.boolean(),
});

const sourceCodes = [
  'source-unreachable',
  'source-timeout',
  'source-nonsense',
  'source-rejected',
  'several-series',
  'no-data',
  'too-large',
] as const satisfies readonly ErrorCode[];
const fault: fc.Arbitrary<SourceFault> = fc.oneof(
  fc.record({ kind: fc.constant('throws' as const), code: fc.constantFrom(...sourceCodes) }),
  fc.record({
    kind: fc.constant('value' as const),
    value: fc.constantFrom(Number.NaN, 1e308, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
  }),
  fc.record({
    kind: fc.constantFrom('empty', 'partial and low', 'another time', 'negative', 'unsorted', 'bug', 'hang'),
  }),
);
const span = { from: fc.nat(mostPolls - 1), polls: fc.integer({ min: 1, max: 8 }) };
const query = fc.nat(queries - 1);
const threshold = fc.constantFrom('0.001', '0.5', '2.5', '10', '100', '1e6');

const workload: fc.Arbitrary<WorkloadWish> = fc
  .record({
    namespace: fc.constantFrom('left' as const, 'left' as const, 'right' as const),
    query,
    threshold,
    more: fc.record(
      {
        activationThreshold: fc.constantFrom('0', '1', '50'),
        hpaTolerance: fc.constantFrom('0', '0.1', '0.5'),
        serviceLevel: fc.constantFrom('0.9', '0.99', '0.999'),
        mode: fc.constantFrom('active', 'reactive'),
        leadTime: fc.constantFrom('0s', '60s', '10m'),
        peakWindow: fc.constantFrom('5m', '1h'),
        typo: fc.constant('unknown keys are ignored'),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ more, threshold, ...wish }) => ({ ...wish, metadata: { threshold, ...more } }));

const hpa: fc.Arbitrary<VirtualHpa | undefined> = fc.option(
  fc.record({
    replicas: fc.constantFrom(0, 1, 4, 50, 3000),
    everyLooks: fc.constantFrom(1, 2, 60),
    ageSeconds: fc.constantFrom(0, 45, 1000),
    toleranceUp: fc.constantFrom(undefined, 0, 0.05, 0.5),
    leadSeconds: fc.constantFrom(10, 90, 1800),
    learnedAfterSeconds: fc.constantFrom(0, 300, 1e9),
  }),
  { nil: undefined },
);

/** Events of the past, of now and of the time ahead, which last minutes or days. */
const calendarEvent: fc.Arbitrary<CalendarEvent> = fc
  .record({
    startSeconds: fc.constantFrom(-200_000, -86_400, -5000, -600, 0, 600, 3600),
    seconds: fc.constantFrom(60, 1800, 7200, 86_400, 400_000),
    kind: fc.constantFrom('one', 'two'),
    name: fc.constantFrom('first', 'second'),
    effect: fc.constantFrom<CalendarEvent['effect']>(
      { type: 'learned' },
      { type: 'learned', like: 'sunday' },
      { type: 'given', ratio: 0.1 },
      { type: 'given', ratio: 10 },
      { type: 'ignored' },
    ),
    rampSeconds: fc.constantFrom(0, 600),
  })
  .map(({ seconds, ...one }) => ({ ...one, endSeconds: one.startSeconds + seconds }));

const event: fc.Arbitrary<SceneEvent> = fc.record({
  poll: fc.nat(mostPolls - 1),
  what: fc.oneof(
    fc.record({ kind: fc.constantFrom('restart' as const, 'kill switch' as const, 'forget' as const) }),
    fc.record({
      kind: fc.constant('clock jump' as const),
      seconds: fc.constantFrom(-86_400, -3600, -20, -5, 5, 20, 3600, 86_400),
    }),
    fc.record({
      kind: fc.constant('edited threshold' as const),
      workload: fc.nat(mostWorkloads - 1),
      threshold,
    }),
    fc.record({ kind: fc.constant('edited query' as const), workload: fc.nat(mostWorkloads - 1), query }),
  ),
});

/** A random life of one to three workloads of one or two tenants. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  // The coarsest, which only learns, costs a third of the finest.
  scale: fc.constantFrom(...scales, ...scales.slice(1)),
  startSeconds: fc.integer({ min: 1_772_582_400, max: 1_772_582_400 + 7 * 86_400 }),
  demands: fc.array(demand, { minLength: queries, maxLength: queries }),
  workloads: fc.array(workload, { minLength: 1, maxLength: mostWorkloads }),
  hpas: fc.array(hpa, { minLength: mostWorkloads, maxLength: mostWorkloads }),
  companion: fc.constantFrom('twin' as const, 'late' as const, 'alone' as const),
  gaps: fc.array(fc.constantFrom(10, 10, 15, 30, 30, 60, 120, 300, 900), {
    minLength: 4,
    maxLength: mostPolls,
  }),
  sourceEpisodes: fc.array(
    fc.record({ ...span, query, of: fc.constantFrom('instant', 'instant', 'range', 'both'), fault }),
    { maxLength: 4 },
  ),
  modelEpisodes: fc.array(
    fc.record({ ...span, query, fault: fc.constantFrom('throws', 'NaN', 'infinite', 'learning') }),
    { maxLength: 2 },
  ),
  calendarEpisodes: fc.array(
    fc.record({ ...span, query, events: fc.array(calendarEvent, { minLength: 1, maxLength: 4 }) }),
    { maxLength: 2 },
  ),
  archive: fc.option(fc.record({ isDamaged: fc.boolean(), lostFrom: fc.constantFrom(0, 1, 4, mostPolls) }), {
    nil: undefined,
  }),
  events: fc.array(event, { maxLength: 3 }),
});
