/** From 0 to 1 as `part` does, without a corner at either end; 0 before and 1 after. */
export function ease(part: number): number {
  const within = Math.min(1, Math.max(0, part));
  return within * within * (3 - 2 * within);
}
