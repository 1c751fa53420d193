import { describe, expect, it } from 'vitest';
import { createKnowledge } from '../../../src/what-if/knowledge.ts';
import { minutes, sight } from './what-if-scenes.ts';

const demand = minutes(2000, (minute) => minute);

function at(minute: number, rateWindowSeconds = 60) {
  const known = createKnowledge(demand, { ...sight, rateWindowSeconds });
  known.moveTo(minute * 4);
  return known;
}

describe('what is known at a moment', () => {
  it('is the mean over the rate window as of the newest scrape', () => {
    expect(at(10).observed).toBe(0.25 * 8 + 0.75 * 9);
    expect(at(10, 300).observed).toBe((0.75 * 9 + 8 + 7 + 6 + 5 + 0.25 * 4) / 5);
  });

  it('are rows with the next scrape, and for the server when they have settled', () => {
    // The row that ends now is not scraped yet.
    expect(at(10).rowCount).toBe(9);
    const ageSeconds = (minute: number) => at(minute).nowSeconds - at(minute).forecaster().newestSeconds;
    expect([1000, 1000.25, 1000.75, 1001].map(ageSeconds)).toEqual([60, 75, 105, 60]);
  });

  it('are rows that sum up the rate window', () => {
    expect([...at(10).rows.slice(4, 6)]).toEqual([4, 5]);
    expect([...at(10, 300).rows.slice(4, 6)]).toEqual([2, 3]);
  });
});
