/** A bounded memory of the newest values, for models that look back. */
export interface Past {
  push(value: number): void;
  /** The value `back` steps before the newest (0 = the newest); NaN where it is missing or forgotten. */
  before(back: number): number;
}

export function createPast(rememberedSteps: number): Past {
  const ring = new Float64Array(rememberedSteps).fill(Number.NaN);
  let next = 0;
  return {
    push(value) {
      ring[next] = value;
      next = next + 1 === rememberedSteps ? 0 : next + 1;
    },
    before(back) {
      if (back < 0 || back >= rememberedSteps) return Number.NaN;
      const index = next - 1 - back;
      return ring[index < 0 ? index + rememberedSteps : index]!;
    },
  };
}
