import { lines } from '../panels/lines.ts';
import { colored, dashed, strong } from '../panels/panel.ts';
import { states } from '../panels/states.ts';
import { observed, ofHpa, threshold, wanted, wantedBefore, workload } from './series.ts';

const reactive = `clamp_min(ceil(${observed} / ${threshold}), 1)`;
const ready = `${wantedBefore} * ${threshold}`;

export const scaling = {
  title: 'Replicas: what was asked for, what runs',
  panels: [
    lines({
      title: 'Replicas asked for, running and allowed',
      description:
        'Replicas the signal asks for, and replicas the observed demand alone would ask for. The running replicas and the maximum come from kube-state-metrics.',
      unit: 'short',
      alerts: ['ForescalePredictedPeakAboveMaximum'],
      queries: [
        { expr: wanted, legend: 'asked for' },
        { expr: reactive, legend: 'by demand alone' },
        { expr: ofHpa('status_current_replicas'), legend: 'running' },
        { expr: ofHpa('spec_max_replicas'), legend: 'maximum' },
      ],
      overrides: {
        'asked for': [colored('blue'), strong],
        'by demand alone': [colored('text'), dashed],
        running: [colored('green'), strong],
        maximum: [colored('red'), dashed],
      },
    }),
    lines({
      title: 'Demand, and what the replicas ready for it carry ($unit)',
      description:
        'Replicas asked for one lead time ago, times the threshold: the capacity that is ready for the current demand.',
      unit: 'short',
      queries: [
        { expr: ready, legend: 'capacity' },
        { expr: observed, legend: 'observed' },
      ],
      overrides: { capacity: [colored('blue'), strong], observed: [colored('text'), strong] },
    }),
    lines({
      title: 'Capacity that was missing, and capacity to spare ($unit)',
      description:
        'Demand above the capacity asked for one lead time earlier, and capacity above the demand.',
      unit: 'short',
      queries: [
        { expr: `clamp_min(${observed} - ${ready}, 0)`, legend: 'missing' },
        { expr: `clamp_min(${ready} - ${observed}, 0)`, legend: 'to spare' },
      ],
      overrides: { missing: [colored('red'), strong], 'to spare': [colored('green')] },
    }),
    states({
      title: 'What the signal rested on',
      description:
        'forecast: raised by it. observed: the demand alone. blind: nothing fresh is observed, no less than the last good value is served. none: KEDA gets an error.',
      unit: 'short',
      alerts: ['ForescaleFallbackActive', 'ForescaleBlind'],
      queries: [{ expr: `max by (state) (forescale_state{${workload}})`, legend: '{{state}}' }],
    }),
  ],
};
