/** What of a ScaledObject decides between zero and some replicas; defaults are KEDA's to fill in, not ours. */
export interface KedaSpec {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** How long the last sign of activity must be past before the workload goes to zero. */
  readonly cooldownSeconds: number;
  /** Replicas while nothing is active, below minReplicas (KEDA supports 0 only). */
  readonly idleReplicas?: number;
}

interface KedaState {
  readonly lastActiveSeconds: number | undefined;
}

interface KedaObservation {
  readonly nowSeconds: number;
  readonly currentReplicas: number;
  readonly active: boolean;
  /** A scaler answered with an error: without activity nothing is done then, above all no scaling to zero. */
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

/** Bounds of the HPA that KEDA creates: an HPA cannot have zero (getHPAMinReplicas). */
export function hpaBounds(spec: KedaSpec): { readonly minReplicas: number; readonly maxReplicas: number } {
  return { minReplicas: Math.max(1, spec.minReplicas), maxReplicas: spec.maxReplicas };
}

/**
 * One poll's decision between zero and some replicas; all between is the HPA's.
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
    // Never seen active means scaled up by someone else: no cooldown is owed (scaleToZeroOrIdle).
    if (last !== undefined && nowSeconds <= last + spec.cooldownSeconds) return stay('CoolingDown');
    return { replicas: idle, reason: 'Deactivated', state };
  }
  if (!isIdling && currentReplicas < spec.minReplicas) {
    return { replicas: spec.minReplicas, reason: 'RaisedToMin', state };
  }
  return stay('Inactive');
}
