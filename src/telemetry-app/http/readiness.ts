type State = 'starting' | 'ready' | 'draining';

/** Whether load balancers should send requests to this app. An app that starts or drains is alive all the same. */
export interface Readiness {
  state(): State;
  /** From now on /readyz answers 503. */
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
