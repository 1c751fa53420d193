import { setTimeout as sleep } from 'node:timers/promises';
import type { ForecastJson } from '../src/api/answers/forecast-json.ts';
import { within } from '../src/platform/deadline.ts';
import { formatDuration } from '../src/platform/duration.ts';
import { scenario } from './scenario.ts';

/** The part of the HTTP API's answer about a workload that the demo shows. */
interface Standing {
  readonly signal: number | undefined;
  readonly basis: string;
  /** Lengths of the seasons found, as durations. */
  readonly seasons: readonly string[];
  readonly forecastStatus: string;
  readonly forecastPoints: number;
}

export interface ScalerReader {
  standing(): Promise<Standing>;
  /** Resolves when there is a forecast that knows a season and is in use, or after `timeoutMs`. */
  forecastReady(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** Reads a workload over HTTP. */
export function createScalerReader(
  httpUrl: string,
  workload: { readonly namespace: string; readonly name: string },
): ScalerReader {
  const base = `${httpUrl}/api/v1/workloads/${workload.namespace}/${workload.name}`;

  async function get<T>(path: string): Promise<T | undefined> {
    return within(2_000, async (signal) => {
      const response = await fetch(base + path, { signal });
      return response.ok ? ((await response.json()) as T) : undefined;
    }).catch(() => undefined);
  }

  async function standing(): Promise<Standing> {
    const [status, forecast] = await Promise.all([
      get<{ decision: { signal: number; basis: string } | null; headline: string }>(''),
      get<ForecastJson>(`/forecast?horizon=${formatDuration(scenario.daySeconds)}`),
    ]);
    return {
      signal: status?.decision?.signal,
      basis: status?.headline ?? 'no answer yet',
      seasons: forecast?.seasons.map(formatDuration) ?? [],
      forecastStatus: forecast?.status ?? 'no answer',
      forecastPoints: forecast?.points.length ?? 0,
    };
  }

  return {
    standing,
    async forecastReady(timeoutMs, signal) {
      const deadlineMs = performance.now() + timeoutMs;
      while (!signal.aborted && performance.now() < deadlineMs) {
        const { seasons, forecastStatus } = await standing();
        if (seasons.length > 0 && forecastStatus === 'ok') return;
        await sleep(250, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
