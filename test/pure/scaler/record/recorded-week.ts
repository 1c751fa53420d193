import { readFileSync } from 'node:fs';
import { createForecaster, type Decision, type RecordedDecision } from '../../../../src/forecast/index.ts';
import { createDecider } from '../../../../src/scaler/decision/decider.ts';
import type { ScalingPolicy } from '../../../../src/scaler/decision/policy.ts';
import { createGlimpses, servedDecision } from '../../../../src/scaler/record/recorded-decision.ts';
import { createPlayedService, unplayedService } from '../../../../src/scaler/service-level/played-service.ts';

export interface Trace {
  readonly stepSeconds: number;
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
}

/** A file of a trace: `timestamp,value`. */
export function readTrace(path: string): Trace {
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  const timestamps = rows.map((row) => Number(row.split(',')[0]));
  const stepSeconds = (timestamps[1] ?? 0) - (timestamps[0] ?? 0);
  return { stepSeconds, timestamps, values: rows.map((row) => Number(row.split(',')[1])) };
}

/** A decision as it was served, and as it goes on record. */
export interface Made {
  readonly served: Decision;
  readonly noted: RecordedDecision;
}

const refreshSeconds = 10;

/**
 * Plays a trace: every row is learned, and every ten seconds of the last `lastSeconds` a decision is made on what is observed, which
 * changes between two rows as traffic does.
 */
export function playTrace(
  { stepSeconds, timestamps, values }: Trace,
  options: {
    readonly lastSeconds: number;
    readonly threshold: number;
    readonly noise?: number;
    /** Whether nothing is observed at a time, so that the workload goes blind. */
    readonly isBlindAt?: (seconds: number) => boolean;
  },
  take: (made: Made) => void,
): void {
  const { threshold, noise = 0.02, isBlindAt = () => false } = options;
  const forecaster = createForecaster({ stepSeconds });
  const rule = {
    ...{ threshold, capacity: threshold, hpaTolerance: 0.1, knowsReplicas: false, serviceLevel: 0.99 },
    ...{ windowSeconds: 190, leadTimeSeconds: 120, settleSeconds: 60, rateWindowSeconds: 0 },
    ...{ scrapeIntervalSeconds: 15, seasonSeconds: 86_400 },
  };
  const played = createPlayedService(rule);
  let nowSeconds = 0;
  let observed = { value: 0, atSeconds: 0 };
  let chance = 1;
  const policy: ScalingPolicy = {
    ...rule,
    activationThreshold: 0,
    mode: 'active',
    freshSeconds: 15,
    blindSeconds: 1800,
  };
  const model = {
    observed: () => observed,
    peak: (request: Parameters<typeof forecaster.peak>[0]) => forecaster.peak(request),
    explain: (request: Parameters<typeof forecaster.explain>[0]) => forecaster.explain(request),
    gridSeconds: forecaster.gridSeconds,
    newestSeconds: () => forecaster.newestSeconds,
  };
  const glimpse = createGlimpses(model);
  const decider = createDecider({
    model,
    policyAt: () => policy,
    service: () => played.state() ?? unplayedService(0.99),
    quantumSeconds: refreshSeconds,
    clock: () => nowSeconds,
    isForcedReactive: () => false,
    onDecided(decision, situation, applied) {
      if (decision === undefined) return;
      take({ served: decision, noted: servedDecision(decision, situation, applied, glimpse(decision)) });
    },
  });
  const from = (timestamps.at(-1) ?? 0) - options.lastSeconds;
  for (const [index, t] of timestamps.entries()) {
    const value = values[index] ?? 0;
    played.follow(t, value, forecaster);
    forecaster.observe(t, value);
    if (t < from) continue;
    const next = values[index + 1] ?? value;
    for (let offset = 0; offset < stepSeconds; offset += refreshSeconds) {
      chance = (chance * 48_271) % 2_147_483_647;
      const between = value + ((next - value) * offset) / stepSeconds;
      nowSeconds = t + offset + 0.047 + (chance % 11) / 1000;
      if (!isBlindAt(nowSeconds)) {
        const factor = 1 + noise * ((2 * chance) / 2_147_483_647 - 1) * 1.7;
        observed = { value: between * factor, atSeconds: t + offset };
      }
      decider.update();
    }
  }
}
