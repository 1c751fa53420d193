import { ease } from './ease.ts';

const twoTo32 = 2 ** 32;
/** 2^32 divided by the golden ratio. As a factor it spreads neighbouring seeds far apart (Knuth, TAOCP vol. 3, §6.4). */
const goldenRatio32 = 0x9e3779b9;

/**
 * 32 well-mixed bits for the integer `index` of the stream chosen by `seed`. The function is pure, so the numbers of a
 * stream can be read in any order. Source: the finaliser of MurmurHash3 (Appleby, public domain).
 */
function hash32(seed: number, index: number): number {
  const seeded = mix32(Math.imul(seed, goldenRatio32) ^ goldenRatio32);
  const high = Math.floor(index / twoTo32);
  return mix32(mix32(seeded ^ index) + high);
}

function mix32(bits: number): number {
  let h = bits >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) for the integer `index` of the stream `seed`; independent of every other index. */
export function hashUniform(seed: number, index: number): number {
  return hash32(seed, index) / twoTo32;
}

/**
 * Noise in [-1, 1) with mean 0 as a continuous function of `position`: the values at integers are independent draws, and
 * the values between them are interpolated smoothly.
 */
export function smoothNoise(seed: number, position: number): number {
  const index = Math.floor(position);
  const part = position - index;
  const before = hashUniform(seed, index);
  const after = hashUniform(seed, index + 1);
  return 2 * (before + (after - before) * ease(part)) - 1;
}
