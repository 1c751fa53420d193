import { describe } from 'vitest';
import { startVictoriaMetrics } from '../../tools/programs/victoria-metrics.ts';
import { promqlContract } from './promql-contract.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const missing = await whyMissing('victoria-metrics');
const note = skippedNote(missing);

describe.skipIf(missing)(`a real VictoriaMetrics${note}`, () => {
  promqlContract({
    start: () => startVictoriaMetrics({ env: process.env }),
    settle: (url) => fetch(`${url}/internal/force_flush`),
  });
});
