import type { ScalingPolicy } from '../../../../src/scaler/decision/policy.ts';

/** A trigger that asks for the usual, on an HPA without tolerance, so that what is served is what was wanted. */
export const usualPolicy: ScalingPolicy = {
  threshold: 10,
  activationThreshold: 0,
  serviceLevel: 0.99,
  hpaTolerance: 0,
  mode: 'active',
  windowSeconds: 200,
  freshSeconds: 15,
  blindSeconds: 1800,
};
