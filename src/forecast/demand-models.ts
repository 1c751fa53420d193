import { setTimeout as sleep } from 'node:timers/promises';
import type { HistorySource } from '../history/source.ts';
import type { Clock } from '../platform/clock.ts';
import { ForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import {
  createDemandModel,
  type DemandModel,
  type DemandQuery,
  type RefreshOutcome,
} from './demand-model.ts';

/** Which source a model reads from, and what its trigger wants sent along. */
interface SourceRequest {
  /** An address or a profile's name; undefined = the default source. */
  readonly address: string | undefined;
  /** The Kubernetes namespace that asks; profiles may be closed to it. */
  readonly namespace: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
}

/** Grants a source or throws a ForescaleError (`address-not-allowed`, `invalid-argument`). */
export type ResolveSource = (request: SourceRequest) => {
  readonly name: string;
  readonly source: HistorySource;
};

/** What identifies a model: two workloads that ask for the same share it, whatever their thresholds. */
export interface ModelRequest extends DemandQuery {
  readonly source: SourceRequest;
}

export interface DemandModelsOptions {
  readonly resolveSource: ResolveSource;
  /** How often the observed value is asked for, seconds. */
  readonly refreshIntervalSeconds: number;
  readonly freshSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}

export interface HeldModel {
  readonly model: DemandModel;
  /** Settles when the first attempt to observe is over, well or not. */
  readonly firstObserved: Promise<void>;
  /** Settles when the first attempt to read the history is over, well or not. */
  readonly firstHistory: Promise<void>;
  /** Lets go; the model stops refreshing when nobody holds it. */
  release(): void;
}

export interface DemandModels {
  /** The model for a request, refreshed in the background as long as someone holds it; `onUpdate` after each refresh. */
  hold(request: ModelRequest, onUpdate: () => void): HeldModel;
  readonly size: number;
  close(): Promise<void>;
}

interface Entry {
  readonly model: DemandModel;
  readonly listeners: Set<() => void>;
  readonly firstObserved: Promise<void>;
  readonly firstHistory: Promise<void>;
  readonly stop: AbortController;
  readonly loops: Promise<unknown>;
}

/** Keeps one demand model per source, query and step, each with its own two refresh loops. */
export function createDemandModels(options: DemandModelsOptions): DemandModels {
  const entries = new Map<string, Entry>();
  const { clock, log } = options;

  function open(request: ModelRequest): Entry {
    const { name, source } = options.resolveSource(request.source);
    const stop = new AbortController();
    const { signal } = stop;
    const listeners = new Set<() => void>();
    const model = createDemandModel({ ...request, ...options, source, sourceName: name });
    const announce = () => {
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          // One that fails must not end the loop that keeps the model fresh for all.
          log.error({ query: request.query, error: String(error) }, 'decision-failed');
        }
      }
    };

    const observe = async () => {
      await model.refreshObserved(quantised(clock(), options.refreshIntervalSeconds), signal);
      announce();
    };
    const readHistory = async () => {
      await model.refreshHistory(clock(), signal);
      announce();
    };
    const firstObserved = observe();
    const firstHistory = readHistory();
    // The history changes once a step; asking more often than observing would be for nothing.
    const historyIntervalSeconds = Math.max(request.stepSeconds, options.refreshIntervalSeconds);
    const loops = Promise.allSettled([
      firstObserved.then(() => repeat(observe, options.refreshIntervalSeconds, clock, signal)),
      firstHistory.then(() => repeat(readHistory, historyIntervalSeconds, clock, signal)),
    ]);
    return { model, listeners, firstObserved, firstHistory, stop, loops };
  }

  return {
    hold(request, onUpdate) {
      const key = JSON.stringify(request);
      const entry = entries.get(key) ?? open(request);
      entries.set(key, entry);
      // A listener of its own for every holder, even when two pass the same function.
      const listener = () => onUpdate();
      entry.listeners.add(listener);
      return {
        model: entry.model,
        firstObserved: entry.firstObserved,
        firstHistory: entry.firstHistory,
        release() {
          entry.listeners.delete(listener);
          if (entry.listeners.size > 0 || entries.get(key) !== entry) return;
          entries.delete(key);
          entry.stop.abort(new ForescaleError('not-found', 'the workload was forgotten'));
        },
      };
    },
    get size() {
      return entries.size;
    },
    async close() {
      const open = [...entries.values()];
      entries.clear();
      for (const entry of open)
        entry.stop.abort(new ForescaleError('source-unreachable', 'the server is stopping'));
      await Promise.all(open.map((entry) => entry.loops));
    },
  };
}

/** Left for the newest scrape to arrive, so that the replica that asks first does not miss what the other sees. */
function settleSeconds(intervalSeconds: number): number {
  return Math.min(1, intervalSeconds / 10);
}

/**
 * Replicas that ask at the same quantised time get the same answer. Half the time to settle is enough to count as
 * the next interval: timers fire some milliseconds early, and an interval left out would make its workloads blind.
 */
function quantised(nowSeconds: number, intervalSeconds: number): number {
  return Math.floor((nowSeconds - settleSeconds(intervalSeconds) / 2) / intervalSeconds) * intervalSeconds;
}

async function repeat(
  work: () => Promise<void>,
  intervalSeconds: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const nextSeconds =
      quantised(clock(), intervalSeconds) + intervalSeconds + settleSeconds(intervalSeconds);
    const waitMs = Math.max(1, (nextSeconds - clock()) * 1000);
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (!signal.aborted) await work();
  }
}
