/** How much one policy lets the replica count change within one period. `value` is pods or percent. */
export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

/** One direction of `behavior`, with the field names of autoscaling/v2 HPAScalingRules; all of them optional. */
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

/** Of the flag --horizontal-pod-autoscaler-downscale-stabilization, which also holds where there is no behavior. */
export const defaultScaleDownStabilizationSeconds = 300;

const scaleDownDefaults: CompleteRules = {
  stabilizationWindowSeconds: defaultScaleDownStabilizationSeconds,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

/**
 * The rules with what was left out filled in, each field on its own.
 * Source: kubernetes pkg/apis/autoscaling/v2/defaults.go, GenerateHPAScaleUpRules and GenerateHPAScaleDownRules.
 */
export function completeRules(behavior: HpaBehavior): {
  readonly scaleUp: CompleteRules;
  readonly scaleDown: CompleteRules;
} {
  return {
    scaleUp: { ...scaleUpDefaults, ...given(behavior.scaleUp) },
    scaleDown: { ...scaleDownDefaults, ...given(behavior.scaleDown) },
  };
}

/** Without the fields that are there but undefined, which a spread would let win over the default. */
function given(rules: ScalingRules = {}): ScalingRules {
  return {
    ...(rules.stabilizationWindowSeconds !== undefined && {
      stabilizationWindowSeconds: rules.stabilizationWindowSeconds,
    }),
    ...(rules.selectPolicy !== undefined && { selectPolicy: rules.selectPolicy }),
    ...(rules.policies !== undefined && { policies: rules.policies }),
  };
}
