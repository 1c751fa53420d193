import { describe } from 'vitest';
import { startPrometheus } from '../../../../tools/programs/prometheus.ts';
import { startVictoriaMetrics } from '../../../../tools/programs/victoria-metrics.ts';
import { skippedNote, whyMissing } from '../../real-programs.ts';
import { sameAsAlone } from './same-as-alone.ts';

const env = process.env;
const noPrometheus = await whyMissing('prometheus');
const noVictoriaMetrics = await whyMissing('victoria-metrics');

describe.skipIf(noPrometheus)(`a real Prometheus${skippedNote(noPrometheus)}`, () => {
  sameAsAlone({ start: () => startPrometheus({ env }), addsInOrder: true });
});

describe.skipIf(noVictoriaMetrics)(`a real VictoriaMetrics${skippedNote(noVictoriaMetrics)}`, () => {
  sameAsAlone({
    start: () => startVictoriaMetrics({ env }),
    settle: (url) => fetch(`${url}/internal/force_flush`),
    // Its workers add up the series of a sum in whatever order they come.
    addsInOrder: false,
  });
});
