import { describe, expect, it } from 'vitest';
import { errorKinds } from '../../../src/telemetry-app/faults/error-kinds.ts';
import { type Behaviour, createLuck, type Fate, fateOf } from '../../../src/telemetry-app/faults/fate.ts';

const healthy: Behaviour = {
  latency: { kind: 'fixed', ms: 0 },
  errors: { percent: 0, kinds: errorKinds.parse('500') ?? [], delayMs: 3000 },
  cpuMs: 0,
  memoryMib: 0,
};

const fates = (behaviour: Behaviour, count: number, seed = 3): readonly Fate[] => {
  const luck = createLuck(seed);
  return Array.from({ length: count }, () => fateOf(behaviour, luck()));
};

/** Share of failed requests among so many, which are counted and not kept. */
function failedShare(percent: number, count: number): number {
  const behaviour = { ...healthy, errors: { ...healthy.errors, percent } };
  const luck = createLuck(3);
  let failed = 0;
  for (let i = 0; i < count; i++) if (fateOf(behaviour, luck()).failure !== undefined) failed++;
  return failed / count;
}

const share = (all: readonly Fate[], isOne: (fate: Fate) => boolean) => all.filter(isOne).length / all.length;

describe('the share of errors', () => {
  it.each([0, 0.5, 12.5, 40, 50, 70, 99.9, 100])('of %d %% is met within four standard errors', (percent) => {
    const count = 100_000;
    const failed = failedShare(percent, count);
    const wanted = percent / 100;
    expect(Math.abs(failed - wanted)).toBeLessThanOrEqual(4 * Math.sqrt((wanted * (1 - wanted)) / count));
  });

  it.each([1, 2, 5, 20, 60])('of %d %% is met within two percent of it', (percent) => {
    // So many that two standard errors are two percent of the share.
    const count = Math.ceil((100 / Math.sqrt(percent / 100)) ** 2);
    const failed = failedShare(percent, count);
    expect(Math.abs(failed / (percent / 100) - 1)).toBeLessThan(0.02);
  });
});

describe('the kinds of errors', () => {
  it('come in the shares of their weights, within two percent', () => {
    const errors = { percent: 50, kinds: errorKinds.parse('500:5,429:2,delay:2,drop') ?? [], delayMs: 700 };
    // Two percent of the rarest kind, one request in twenty, is two and a half standard errors.
    const all = fates({ ...healthy, errors }, 300_000);
    const shares = {
      500: share(all, ({ failure }) => failure?.kind === 'status' && failure.status === 500),
      429: share(all, ({ failure }) => failure?.kind === 'status' && failure.status === 429),
      drop: share(all, ({ failure }) => failure?.kind === 'drop'),
      delay: share(all, ({ failure, waitMs }) => failure === undefined && waitMs === 700),
      none: share(all, ({ failure, waitMs }) => failure === undefined && waitMs === 0),
    };
    for (const [kind, wanted] of [
      [500, 0.25],
      [429, 0.1],
      ['delay', 0.1],
      ['drop', 0.05],
      ['none', 0.5],
    ] as const) {
      expect(Math.abs(shares[kind] / wanted - 1), `${kind}: ${shares[kind]}`).toBeLessThan(0.02);
    }
  });

  it.each([
    ['500', [[{ kind: 'status', status: 500 }, 1]]],
    [
      ' 503 : 2.5 , drop, delay:3 ',
      [
        [{ kind: 'status', status: 503 }, 2.5],
        [{ kind: 'drop' }, 1],
        [{ kind: 'delay' }, 3],
      ],
    ],
  ])('are read from %s', (text, expected) => {
    expect(errorKinds.parse(text)?.map(({ failure, weight }) => [failure, weight])).toEqual(expected);
  });

  it.each([
    '',
    '200',
    '600',
    '500:0',
    '500:-1',
    '500:1:1',
    'slow',
    '500,',
    '500;503',
    `${'500,'.repeat(20)}500`,
  ])('are refused as "%s"', (text) => {
    expect(errorKinds.parse(text)).toBeUndefined();
  });
});

describe('the luck of a request', () => {
  it('in one thing is the same whatever else is turned on', () => {
    const errors = { percent: 30, kinds: errorKinds.parse('500,503,drop') ?? [], delayMs: 0 };
    const latency = { kind: 'lognormal', medianMs: 50, sigma: 1 } as const;
    const failures = (behaviour: Behaviour) => fates(behaviour, 500).map(({ failure }) => failure);
    const waits = (behaviour: Behaviour) => fates(behaviour, 500).map(({ waitMs }) => waitMs);
    expect(new Set(failures({ ...healthy, errors })).size).toBe(4);
    expect(failures({ ...healthy, errors, latency, cpuMs: 5 })).toEqual(failures({ ...healthy, errors }));
    expect(waits({ ...healthy, latency, errors })).toEqual(waits({ ...healthy, latency }));
    // A request that fails at a low share fails in the same way at every higher share.
    const more = failures({ ...healthy, errors: { ...errors, percent: 60 } });
    failures({ ...healthy, errors }).forEach((failure, i) => {
      if (failure !== undefined) expect(more[i]).toEqual(failure);
    });
    expect(waits({ ...healthy, latency })).not.toEqual(fates({ ...healthy, latency }, 500, 4));
  });
});
