/** Rises smoothly from 0 to 1 while `part` goes from 0 to 1; it is 0 before and 1 after. */
export function ease(part: number): number {
  const within = Math.min(1, Math.max(0, part));
  return within * within * (3 - 2 * within);
}
