import { describe, it } from 'vitest';
import { knownLives } from './known-lives.ts';
import { play } from './play.ts';

describe('the promises of docs/promises.md', () => {
  it.each(Object.entries(knownLives))('hold through %s', async (_, life) => {
    await play(life, { polls: 0, errors: 0, blind: 0, zeros: 0, aboveObserved: 0, compared: 0 });
  });
});
