/** Demand of one query as a function of time, in its own unit. */
export interface DemandShape {
  readonly kind: 'constant' | 'daily' | 'nights of zero' | 'spikes' | 'ramp' | 'zero' | 'absent';
  readonly level: number;
  /** Relative size of the noise, 0–1. */
  readonly noise: number;
  /** Share of the minutes in which the value is {@link glitchValue}. */
  readonly glitchShare: number;
  readonly glitchValue: number;
  readonly salt: number;
  /** Whether the triggers that ask for it have `ignoreNullValues`. */
  readonly emptyIsZero: boolean;
}

/** The demand at a moment; undefined where nothing is reported. Neighbours within a minute see the same glitch and noise. */
export function demandAt(shape: DemandShape, seasonSeconds: number, unixSeconds: number): number | undefined {
  const { kind, level, noise, glitchShare, glitchValue, salt } = shape;
  const minute = Math.floor(unixSeconds / 60);
  if (kind === 'absent') return undefined;
  if (hashed(minute, salt + 1) < glitchShare) return glitchValue;
  const phase = (unixSeconds % seasonSeconds) / seasonSeconds;
  return level * heightOf(kind, phase, hashed(minute, salt + 2)) * (1 + noise * (hashed(minute, salt) - 0.5));
}

function heightOf(kind: Exclude<DemandShape['kind'], 'absent'>, phase: number, chance: number): number {
  const wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * phase);
  switch (kind) {
    case 'constant':
      return 1;
    case 'daily':
      return 0.2 + 0.8 * wave;
    case 'nights of zero':
      return phase < 0.4 ? 0 : wave;
    case 'spikes':
      return chance < 0.05 ? 1 : 0.05;
    case 'ramp':
      return phase;
    case 'zero':
      return 0;
  }
}

/** A number in [0, 1) that follows from two whole numbers (the finaliser of MurmurHash3). */
function hashed(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b + 1, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
