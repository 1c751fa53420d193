import type { Policy } from './contract.ts';

/** Scales on the demand observed now, as KEDA's own trigger for the same query does. The knob is the target as a share of the capacity. */
export const reactive: Policy = {
  title: 'reactive',
  knob: {
    meaning: 'capacity of a replica ÷ target',
    values: Array.from({ length: 36 }, (_, i) => 1 / (1 - 0.02 * i)),
    default: 1,
  },
  hpa: 'own',
  create: ({ settings }) => ({
    signals({ observed }, into) {
      for (let i = 0; i < settings.length; i++) into[i] = observed * settings[i]!;
    },
  }),
};
