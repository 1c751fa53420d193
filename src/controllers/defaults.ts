/** What KEDA uses for a ScaledObject that says nothing else (its documentation, "ScaledObject specification"). */
export const kedaDefaults = {
  pollingIntervalSeconds: 30,
  cooldownSeconds: 300,
  minReplicas: 0,
  maxReplicas: 100,
} as const;

/** What the kube-controller-manager uses for an HPA unless its flags or `behavior` say otherwise. */
export const hpaDefaults = {
  /** --horizontal-pod-autoscaler-sync-period */
  syncSeconds: 15,
  /** --horizontal-pod-autoscaler-tolerance */
  tolerance: 0.1,
  /** --horizontal-pod-autoscaler-downscale-stabilization, which also holds where there is no `behavior`. */
  scaleDownStabilizationSeconds: 300,
} as const;
