/**
 * Whether load balancers should send requests here. Being alive is another matter: a draining app is well.
 */
export interface Readiness {
  state(): 'ready' | 'draining';
  /** From now on /readyz says no. */
  drain(): void;
}

export function createReadiness(): Readiness {
  let state: 'ready' | 'draining' = 'ready';
  return {
    state: () => state,
    drain() {
      state = 'draining';
    },
  };
}
