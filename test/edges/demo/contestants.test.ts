import { describe, expect, it } from 'vitest';
import { contestants } from '../../../demo/contestants.ts';
import { parseTriggerMetadata } from '../../../src/scaler/trigger-metadata.ts';

describe('the contestants', () => {
  const [forescale, reactive] = contestants.map(({ scaledObject }) => scaledObject.metadata);

  it('differ by the fleet they ask for and by the mode, and by nothing else', () => {
    expect(contestants.map(({ name }) => name)).toEqual(['forescale', 'reactive']);
    expect(forescale).toMatchObject({ mode: 'active' });
    expect({
      ...reactive,
      mode: 'active',
      query: reactive?.['query']?.replace('"reactive"', '"forescale"'),
    }).toEqual(forescale);
  });

  it('are understood by the scaler without a warning', () => {
    for (const { scaledObject } of contestants)
      expect(parseTriggerMetadata(scaledObject.metadata).warnings).toEqual([]);
  });
});
