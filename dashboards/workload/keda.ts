import { lines } from '../panels/lines.ts';
import { states } from '../panels/states.ts';
import { signal } from './series.ts';

export const keda = {
  title: 'As KEDA sees it',
  panels: [
    lines({
      title: 'The value KEDA has, and the signal',
      description: 'Both should be equal. After an error KEDA keeps its last good value.',
      unit: 'short',
      queries: [
        {
          expr: 'max by (triggerIndex) (keda_scaler_metrics_value{scaledObject="$workload"})',
          legend: 'KEDA’s ({{triggerIndex}})',
        },
        { expr: signal, legend: 'signal' },
      ],
    }),
    lines({
      title: 'Errors that KEDA counts',
      alerts: ['KedaScaledObjectErrors'],
      description:
        'Errors of the ScaledObject and of its scalers as KEDA counts them. KEDA does not count errors of polls.',
      unit: 'ops',
      queries: [
        {
          expr: 'sum(rate(keda_scaled_object_errors_total{scaledObject="$workload"}[$__rate_interval]))',
          legend: 'ScaledObject',
        },
        {
          expr: 'sum(rate(keda_scaler_detail_errors_total{scaledObject="$workload"}[$__rate_interval]))',
          legend: 'scaler',
        },
      ],
    }),
    lines({
      title: 'Time KEDA takes',
      description: 'Time KEDA needs to get the value from the scaler, and the delay of its scale loop.',
      unit: 's',
      queries: [
        { expr: 'max(keda_scaler_metrics_latency_seconds{scaledObject="$workload"})', legend: 'value' },
        { expr: 'max(keda_internal_scale_loop_latency_seconds{resource="$workload"})', legend: 'scale loop' },
      ],
    }),
    states({
      title: 'Active, as KEDA has it',
      description: 'Whether KEDA considers the trigger active.',
      unit: 'short',
      queries: [
        {
          expr: 'max by (triggerIndex) (keda_scaler_active{scaledObject="$workload"})',
          legend: 'trigger {{triggerIndex}}',
        },
      ],
    }),
  ],
};
