import { describe, expect, it } from 'vitest';
import { laggingWords, modeWords } from '../../../../src/api/page/frame/mode-words.js';

describe('the words of the kill switch', () => {
  it('name the replicas that do not have it yet', () => {
    const has = { replica: 'forescale-0', mode: 'reactive', answers: true };
    const lags = { replica: 'forescale-1', mode: 'active', answers: true };
    const silent = { replica: 'forescale-2', mode: 'reactive', answers: false };
    expect(laggingWords('reactive', [])).toBe('');
    expect(laggingWords('reactive', [has])).toBe('');
    expect(laggingWords('reactive', [has, lags])).toBe(
      'not yet on forescale-1, which takes it within seconds of answering again',
    );
    expect(laggingWords('reactive', [has, lags, silent])).toContain(
      'forescale-1, forescale-2, which take it',
    );
  });

  it('lead from each mode to the other', () => {
    expect(modeWords.active.next).toBe('reactive');
    expect(modeWords.reactive.next).toBe('active');
  });
});
