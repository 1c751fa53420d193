/** Numbers of replicas over the ticks of a replay. */
export interface Timeline {
  /** Replicas that existed, and that were ready, at each tick of [fromTick, toTick); 0 before the first that was played. */
  existing(fromTick: number, toTick: number): Int32Array;
  ready(fromTick: number, toTick: number): Int32Array;
}

/** Keeps the changes alone: a replay of four weeks has 161,280 ticks and hundreds or thousands of changes. */
export function createTimeline(): Timeline & { note(tick: number, existing: number, ready: number): void } {
  const existing = createSteps();
  const ready = createSteps();
  return {
    note(tick, existingReplicas, readyReplicas) {
      existing.note(tick, existingReplicas);
      ready.note(tick, readyReplicas);
    },
    existing: existing.between,
    ready: ready.between,
  };
}

/** A number that seldom changes. */
function createSteps() {
  let ticks = new Int32Array(64);
  let values = new Int32Array(64);
  let count = 0;
  let newest = -1;

  function grow(): void {
    const [longerTicks, longerValues] = [new Int32Array(2 * count), new Int32Array(2 * count)];
    longerTicks.set(ticks);
    longerValues.set(values);
    [ticks, values] = [longerTicks, longerValues];
  }

  return {
    note(tick: number, value: number): void {
      if (value === newest) return;
      newest = value;
      if (count === ticks.length) grow();
      ticks[count] = tick;
      values[count] = value;
      count++;
    },
    between(fromTick: number, toTick: number): Int32Array {
      const result = new Int32Array(Math.max(0, toTick - fromTick));
      for (let i = 0; i < count; i++) {
        const end = i + 1 < count ? ticks[i + 1]! : toTick;
        const [from, to] = [Math.max(fromTick, ticks[i]!), Math.min(toTick, end)];
        if (from < to) result.fill(values[i]!, from - fromTick, to - fromTick);
      }
      return result;
    },
  };
}
