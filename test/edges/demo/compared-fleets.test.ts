import { describe, expect, it } from 'vitest';
import { comparedFleets } from '../../../demo/compared-fleets.ts';
import { parseTriggerMetadata } from '../../../src/scaler/trigger-metadata.ts';

describe('the compared fleets', () => {
  const [forescale, reactive] = comparedFleets.map(({ scaledObject }) => scaledObject.metadata);

  it('differ by the fleet they ask for and by the mode, and by nothing else', () => {
    expect(comparedFleets.map(({ name }) => name)).toEqual(['forescale', 'reactive']);
    expect(forescale).toMatchObject({ mode: 'active' });
    expect({
      ...reactive,
      mode: 'active',
      query: reactive?.['query']?.replace('"reactive"', '"forescale"'),
    }).toEqual(forescale);
  });

  it('are understood by the scaler without a warning', () => {
    for (const { scaledObject } of comparedFleets)
      expect(parseTriggerMetadata(scaledObject.metadata).warnings).toEqual([]);
  });
});
