export type Readiness = ReturnType<typeof createReadiness>;

/** Whether load balancers should send requests to this app. An app that starts or drains is alive all the same. */
export function createReadiness(isStarted: () => boolean) {
  let isDraining = false;
  return {
    state(): 'starting' | 'ready' | 'draining' {
      if (isDraining) return 'draining';
      return isStarted() ? 'ready' : 'starting';
    },
    /** From now on /readyz answers 503. */
    drain() {
      isDraining = true;
    },
  };
}
