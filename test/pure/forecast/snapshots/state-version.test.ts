import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CalendarEvent, createForecaster, savedState } from '../../../../src/forecast/index.ts';
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
  for (const beginsAtHour of [0, 5]) for (const part of statesOfHolidays(beginsAtHour)) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

/** The states of a model of hours whose every tenth day is a holiday with half the demand, in and after the last of them. */
function* statesOfHolidays(beginsAtHour: number): Generator<string | Uint8Array> {
  const [hour, day] = [3600, 86_400];
  const events = Array.from({ length: 6 }, (_, i): CalendarEvent => {
    const startSeconds = (i + 1) * 10 * day + beginsAtHour * hour;
    const effect = { type: 'learned', like: 'sunday' } as const;
    return {
      ...{ startSeconds, endSeconds: startSeconds + day },
      kind: 'holiday',
      name: `day ${i % 2}`,
      effect,
    };
  });
  const forecaster = createForecaster({ stepSeconds: hour, events });
  for (let t = hour; t <= 62 * day; t += hour) {
    const isHoliday = events.some(({ startSeconds, endSeconds }) => t > startSeconds && t <= endSeconds);
    const noise = Math.sin(t / 7_000) + Math.sin(t / 31_000);
    forecaster.observe(t, (isHoliday ? 0.5 : 1) * (100 + 60 * Math.sin((2 * Math.PI * t) / day) + 5 * noise));
    if (t === 60 * day + 8 * hour || t === 62 * day) {
      yield savedState(forecaster);
      yield JSON.stringify(forecaster.forecast({ horizonSteps: 30 }));
    }
  }
}

describe('the version of states', () => {
  it('changes with what is made of rows: where this fails, write the new one in state-version.ts', () => {
    expect(stateVersion).toBe(digestOfStates());
  }, 300_000);
});
