import type {
  DemandModel,
  DemandModels,
  ModelHealth,
  ModelRequest,
  PeakResult,
} from '../../../src/forecast/index.ts';

/** A demand model whose answers the test sets; every workload that asks gets the same one. */
export interface FakeModels extends DemandModels {
  readonly requests: ModelRequest[];
  /** What peaks were asked for: seconds from the newest row to the window, and its length. */
  readonly peaksAsked: { readonly leadSeconds: number | undefined; readonly windowSeconds: number }[];
  observed: { value: number; atSeconds: number } | undefined;
  peak: PeakResult;
  error: ModelHealth['lastError'];
  /** Time of the newest row learned. */
  newestSeconds: number;
  firstObserved: Promise<void>;
  rateWindowSeconds: number;
  /** Calls the listeners of the workloads, as a finished refresh does. */
  update(): void;
}

const learning = {
  status: 'learning',
  origin: 0,
  reasons: [{ code: 'insufficient-history', message: 'has 6h of history, needs 2d' }],
} satisfies PeakResult;

export function createFakeModels(): FakeModels {
  const listeners = new Set<() => void>();
  const fake: FakeModels = {
    requests: [],
    peaksAsked: [],
    observed: undefined,
    peak: learning,
    error: undefined,
    newestSeconds: Number.NEGATIVE_INFINITY,
    firstObserved: Promise.resolve(),
    rateWindowSeconds: 60,
    update() {
      for (const listener of listeners) listener();
    },
    hold(request, onUpdate) {
      fake.requests.push(request);
      listeners.add(onUpdate);
      return {
        model: model(request),
        firstObserved: fake.firstObserved,
        firstHistory: Promise.resolve(),
        release: () => listeners.delete(onUpdate),
      };
    },
    followEvents: () => undefined,
    snapshot: async () => undefined,
    close: () => Promise.resolve(),
  };

  const model = (request: ModelRequest): DemandModel => ({
    query: request.query,
    source: 'fake',
    stepSeconds: request.stepSeconds,
    rateWindowSeconds: fake.rateWindowSeconds,
    gridSeconds: 300,
    settleSeconds: request.stepSeconds,
    events: () => [],
    hasOtherEvents: () => false,
    snapshot: async () => undefined,
    follow: () => ({ current: () => undefined, release: () => undefined }),
    observed: () => fake.observed,
    peak({ leadSeconds, windowSeconds }) {
      fake.peaksAsked.push({ leadSeconds, windowSeconds });
      return fake.peak;
    },
    forecast: () => learning,
    forecastOfPast: async () => learning,
    accuracy: () => [],
    explain: () => learning,
    eventsAhead: () => [],
    history: () => ({ timestamps: new Float64Array(), values: new Float64Array() }),
    newestSeconds: () => fake.newestSeconds,
    health: () => ({
      state: fake.observed === undefined ? 'loading' : 'fresh',
      lastSuccessSeconds: fake.observed?.atSeconds,
      lastError: fake.error,
      rows: 0,
      warnings: [],
    }),
    refreshObserved: async () => undefined,
    refreshHistory: async () => undefined,
  });
  return fake;
}
