import { hashUniform } from './noise.ts';

/** Draws from [0, 1), one after another; the same seed and stream give the same draws. */
export type Random = () => number;

/**
 * A seeded source of chance; `stream` keeps what is drawn for one purpose from shifting what is drawn for
 * another.
 */
export function createRandom(seed: number, stream = 0): Random {
  const streamSeed = hashUniform(seed, stream) * 2 ** 32;
  let drawn = 0;
  return () => hashUniform(streamSeed, drawn++);
}
