import { lines } from '../panels/lines.ts';
import { colored, dashed, strong } from '../panels/panel.ts';
import { states } from '../panels/states.ts';
import { gauge, observed, ofHpa, threshold, wanted, wantedBefore, workload } from './series.ts';

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
    lines({
      title: 'How far ahead decisions look, and how long starts take',
      description:
        'The decision window is the lead time plus every delay between a change of demand and a ready replica. 95 % of starts is learned from kube-state-metrics.',
      unit: 's',
      span: 24,
      queries: [
        { expr: gauge('forescale_decision_window_seconds'), legend: 'decision window' },
        { expr: gauge('forescale_lead_time_seconds'), legend: 'lead time' },
        { expr: gauge('forescale_lead_time_learned_seconds'), legend: '95 % of starts' },
      ],
    }),
    lines({
      title: 'Starts that the lead time was learned from',
      description: 'Pods whose time from created to ready is known, from kube-state-metrics; 300 at most.',
      unit: 'short',
      span: 8,
      queries: [{ expr: gauge('forescale_lead_time_starts'), legend: 'starts' }],
    }),
    lines({
      title: 'Tolerance of the HPA',
      description: 'Relative difference that the HPA is taken to ignore when it scales up.',
      unit: 'percentunit',
      span: 8,
      queries: [{ expr: gauge('forescale_hpa_tolerance'), legend: 'tolerance' }],
    }),
    lines({
      title: 'Active: KEDA may scale to zero while it is 0',
      description: '1 while the workload is active. When it is 0, KEDA may scale to zero replicas.',
      unit: 'short',
      span: 8,
      queries: [{ expr: gauge('forescale_active'), legend: 'active' }],
    }),
  ],
};
