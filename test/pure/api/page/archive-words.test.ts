import { expect, it } from 'vitest';
import { archiveWords } from '../../../../src/api/page/workload/archive-words.js';

const archivedSince = Date.parse('2025-01-07T12:00Z') / 1000;
const effect = { name: 'end of the month', kind: 'month-end', ratio: 1.3, occurrences: 12 };

it('says how far back demand is archived, and each effect that is shown once', () => {
  expect(archiveWords({})).toBe('');
  expect(archiveWords({ archivedSince })).toMatch(/^Demand is archived since .*2025.*\.$/);
  expect(archiveWords({ archivedSince, effects: [effect, effect] })).toMatch(
    /2025\. The archive shows 1\.30? times the usual demand: end of the month\.$/,
  );
});
