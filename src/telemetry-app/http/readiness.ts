type State = 'starting' | 'ready' | 'draining';

/**
 * Whether load balancers should send requests here. Being alive is another matter: an app that starts or drains is
 * well.
 */
export interface Readiness {
  state(): State;
  /** From now on /readyz says no. */
  drain(): void;
}

export function createReadiness(isStarted: () => boolean): Readiness {
  let isDraining = false;
  return {
    state() {
      if (isDraining) return 'draining';
      return isStarted() ? 'ready' : 'starting';
    },
    drain() {
      isDraining = true;
    },
  };
}
