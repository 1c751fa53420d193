import { createRandom, type Random } from '../../src/load-shapes/index.ts';
import { type Trace, traceOf } from './trace.ts';

/** Time of the first row: 2026-01-05T00:00Z, a Monday. */
const firstSeconds = 1_767_571_200;
const daySeconds = 86_400;
const days = 21;

interface Shape {
  readonly stepSeconds: number;
  /** Whether the series has daily and weekly seasons; such a series is also damaged. */
  readonly isSeasonal: boolean;
  /** Makes a function of `day` (days since the start, a fraction) that gives the value; it is called once a row, in order. */
  readonly draw: (random: Random) => (day: number) => number;
}

/** Demand of a working week: high from morning to evening, lower at weekends. */
function working(day: number): number {
  const hour = 24 * (day % 1);
  const bell = Math.exp(-(((hour - 14) / 4.5) ** 2)) + 0.35 * Math.exp(-(((hour - 20) / 2) ** 2));
  return (Math.floor(day) % 7 > 4 ? 0.55 : 1) * (0.25 + bell);
}

/** A nearly normal draw: the sum of twelve uniform draws, which gives the same bits on every machine. */
function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** A random count: `mean` with normal noise of the variance of a Poisson distribution, rounded. */
function counts(mean: number, random: Random): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
}

const shapes: Readonly<Record<string, Shape>> = {
  'daily-and-weekly-5m': {
    stepSeconds: 300,
    isSeasonal: true,
    draw: (random) => (day) => 400 * working(day) * (1 + 0.04 * normal(random)),
  },
  'growing-10m': {
    stepSeconds: 600,
    isSeasonal: true,
    draw: (random) => (day) => 300 * working(day) * (1 + 0.05 * day) * (1 + 0.05 * normal(random)),
  },
  'noisy-counts-5m': {
    stepSeconds: 300,
    isSeasonal: true,
    draw: (random) => (day) => counts(12 * working(day), random),
  },
  'aperiodic-10m': {
    stepSeconds: 600,
    isSeasonal: false,
    draw: (random) => {
      let state = 0;
      return () => {
        state = 0.97 * state + 0.15 * normal(random);
        return 100 * Math.exp(state);
      };
    },
  },
  'on-and-off-15m': {
    stepSeconds: 900,
    isSeasonal: false,
    draw: (random) => (day) => {
      const hour = 24 * (day % 1);
      return hour >= 8 && hour < 18 && Math.floor(day) % 7 < 5 ? 50 * (1 + 0.1 * normal(random)) : 0;
    },
  },
  'level-shift-10m': {
    stepSeconds: 600,
    isSeasonal: false,
    draw: (random) => (day) => (day < 14 ? 200 : 340) * working(day) * (1 + 0.05 * normal(random)),
  },
};

/** Six made series of three weeks. They are seeded and the same on every machine, so that documented figures can be tested. */
export function syntheticPack(): { readonly trace: Trace; readonly isSeasonal: boolean }[] {
  return Object.entries(shapes).map(([name, { stepSeconds, isSeasonal, draw }], index) => {
    const value = draw(createRandom(index + 1));
    const rows = (days * daySeconds) / stepSeconds;
    const timestamps = Float64Array.from({ length: rows }, (_, i) => firstSeconds + i * stepSeconds);
    // Rounding removes the differences between machines in exp and sin.
    const values = Float64Array.from({ length: rows }, (_, i) =>
      Math.max(0, Math.round(1000 * value((i * stepSeconds) / daySeconds)) / 1000),
    );
    return { trace: traceOf(`made-${name}`, { stepSeconds, timestamps, values, warnings: [] }), isSeasonal };
  });
}
