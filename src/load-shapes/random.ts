import { hashUniform } from './noise.ts';

/** Draws from [0, 1), one after another; the same seed and stream give the same draws. */
export type Random = () => number;

/**
 * A seeded source of random numbers. Draws of different `stream`s are independent, so that an additional draw for one
 * purpose does not shift the draws for another.
 */
export function createRandom(seed: number, stream = 0): Random {
  const streamSeed = hashUniform(seed, stream) * 2 ** 32;
  let drawn = 0;
  return () => hashUniform(streamSeed, drawn++);
}
