export type TurnWait = ReturnType<typeof createTurnWait>;

/** How long one call has waited for its turns to send a request; a retry needs another turn. */
export function createTurnWait() {
  let beforeMs = 0;
  let beganMs: number | undefined;
  const waitedMs = () => beforeMs + (beganMs === undefined ? 0 : performance.now() - beganMs);
  return {
    /** Milliseconds so far. */
    waitedMs,
    begin(): void {
      beganMs = performance.now();
    },
    end(): void {
      beforeMs = waitedMs();
      beganMs = undefined;
    },
  };
}
