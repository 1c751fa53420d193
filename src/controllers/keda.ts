/** The fields of a ScaledObject that decide between zero and some replicas. The caller fills in KEDA's defaults. */
export interface KedaSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Time without activity after which KEDA scales the workload to zero. */
  readonly cooldownSeconds: number;
  /** Replicas while no trigger is active, fewer than minReplicas (KEDA supports only 0). */
  readonly idleReplicas?: number | undefined;
}

interface KedaState {
  readonly lastActiveSeconds: number | undefined;
}

interface KedaObservation {
  readonly nowSeconds: number;
  readonly currentReplicas: number;
  readonly active: boolean;
  /** A scaler answered with an error. If no trigger is active, KEDA then changes nothing and never scales to zero. */
  readonly failed: boolean;
}

type KedaReason =
  | 'Active'
  | 'Activated'
  | 'Inactive'
  | 'CoolingDown'
  | 'Deactivated'
  | 'RaisedToMin'
  | 'ScalerFailed';

interface KedaDecision {
  readonly replicas: number;
  readonly reason: KedaReason;
  readonly state: KedaState;
}

export const initialKedaState: KedaState = { lastActiveSeconds: undefined };

/** Bounds of the HPA that KEDA creates. The minimum is at least 1, because an HPA cannot scale to zero (getHPAMinReplicas). */
export function hpaBounds(spec: KedaSpec): { readonly minReplicas: number; readonly maxReplicas: number } {
  return { minReplicas: Math.max(1, spec.minReplicas), maxReplicas: spec.maxReplicas };
}

/**
 * KEDA's decision between zero and some replicas in one poll. The HPA decides everything above.
 * Source: keda pkg/scaling/executor/scale_scaledobjects.go, RequestScale, for a ScaledObject without `fallback`.
 */
export function decideActivation(spec: KedaSpec, state: KedaState, observed: KedaObservation): KedaDecision {
  const { nowSeconds, currentReplicas } = observed;
  const stay = (reason: KedaReason, next = state): KedaDecision => ({
    replicas: currentReplicas,
    reason,
    state: next,
  });
  const isIdling = spec.idleReplicas !== undefined;

  if (observed.active) {
    const active = { lastActiveSeconds: nowSeconds };
    if (currentReplicas === 0 || (isIdling && currentReplicas < spec.minReplicas)) {
      return { replicas: Math.max(1, spec.minReplicas), reason: 'Activated', state: active };
    }
    return stay('Active', active);
  }
  if (observed.failed) return stay('ScalerFailed');
  const idle = spec.idleReplicas ?? 0;
  if (isIdling ? currentReplicas > idle : currentReplicas > 0 && spec.minReplicas === 0) {
    const last = state.lastActiveSeconds;
    // A workload that was never active was scaled up by someone else, so no cooldown applies (scaleToZeroOrIdle).
    if (last !== undefined && nowSeconds <= last + spec.cooldownSeconds) return stay('CoolingDown');
    return { replicas: idle, reason: 'Deactivated', state };
  }
  if (!isIdling && currentReplicas < spec.minReplicas) {
    return { replicas: spec.minReplicas, reason: 'RaisedToMin', state };
  }
  return stay('Inactive');
}
