import { hpaDefaults } from './defaults.ts';

/** A policy bounds how much the replica count changes within one period. `value` is in pods or in percent. */
export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

/** The rules for one direction of `behavior`, with the field names of autoscaling/v2 HPAScalingRules. All are optional. */
export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly ScalingPolicy[];
  /** Ratio by which the metric may be off the target in this direction without a change (Kubernetes 1.33 and newer). */
  readonly tolerance?: number;
}

/** `spec.behavior` of an autoscaling/v2 HorizontalPodAutoscaler, and of a ScaledObject's `horizontalPodAutoscalerConfig`. */
export interface HpaBehavior {
  readonly scaleUp?: ScalingRules;
  readonly scaleDown?: ScalingRules;
}

export type CompleteRules = Required<Omit<ScalingRules, 'tolerance'>>;

const scaleUpDefaults: CompleteRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

const scaleDownDefaults: CompleteRules = {
  stabilizationWindowSeconds: hpaDefaults.scaleDownStabilizationSeconds,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

interface DirectionRules {
  readonly scaleUp: CompleteRules;
  readonly scaleDown: CompleteRules;
}

/** Thousands of fleets are scaled by the same behavior. */
const completed = new WeakMap<HpaBehavior, DirectionRules>();

/**
 * Fills the defaults into the rules, field by field.
 * Source: kubernetes pkg/apis/autoscaling/v2/defaults.go, GenerateHPAScaleUpRules and GenerateHPAScaleDownRules.
 */
export function completeRules(behavior: HpaBehavior): DirectionRules {
  const known = completed.get(behavior);
  if (known !== undefined) return known;
  const rules = {
    scaleUp: { ...scaleUpDefaults, ...behavior.scaleUp },
    scaleDown: { ...scaleDownDefaults, ...behavior.scaleDown },
  };
  completed.set(behavior, rules);
  return rules;
}
