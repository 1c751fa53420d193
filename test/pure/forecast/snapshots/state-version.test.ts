import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createForecaster, savedState } from '../../../../src/forecast/index.ts';
import { stateVersion } from '../../../../src/forecast/snapshots/state-version.ts';
import { createPlayedService } from '../../../../src/scaler/service-level/played-service.ts';
import { randomTrace } from '../core/random-trace.ts';

/** The states that some traces lead to, at several moments of each. */
function digestOfStates(): string {
  const hash = createHash('sha256');
  for (const seed of [0, 2, 3, 4, 12]) {
    const { options, rows } = randomTrace(seed);
    const { stepSeconds, seasonsSeconds } = options;
    const forecaster = createForecaster(options);
    const service = createPlayedService({
      ...{ threshold: 10, capacity: 12, hpaTolerance: 0.1, knowsReplicas: true, serviceLevel: 0.9 },
      ...{ windowSeconds: 5 * stepSeconds, leadTimeSeconds: stepSeconds, settleSeconds: stepSeconds },
      ...{ rateWindowSeconds: stepSeconds, scrapeIntervalSeconds: stepSeconds / 4 },
      seasonSeconds: seasonsSeconds?.[0] ?? 86_400,
    });
    for (const [index, [unixSeconds, value, isCensored]] of rows.entries()) {
      service.follow(unixSeconds, value, forecaster);
      forecaster.observe(unixSeconds, value, isCensored);
      if (index % 500 === 0) hash.update(savedState(forecaster)).update(savedState(service));
    }
    hash.update(JSON.stringify(forecaster.forecast({ horizonSteps: 300 })));
    hash.update(savedState(forecaster)).update(savedState(service));
  }
  return hash.digest('hex').slice(0, 16);
}

describe('the version of states', () => {
  it('changes with what is made of rows: where this fails, write the new one in state-version.ts', () => {
    expect(stateVersion).toBe(digestOfStates());
  }, 300_000);
});
