import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ObservedHistory } from '../../../../../src/forecast/core/memory/observed-history.ts';
import {
  restoreState,
  type StateCopier,
  savedState,
} from '../../../../../src/forecast/core/memory/state-copier.ts';
import { ValueWindow } from '../../../../../src/forecast/core/memory/value-window.ts';
import { copyWindowState } from '../../../../../src/forecast/core/memory/window-state.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

const capacity = 200;

function pairOf() {
  const window = new ValueWindow(capacity);
  const history = new ObservedHistory(capacity);
  return {
    window,
    history,
    copyState(copier: StateCopier): void {
      history.copyState(copier);
      copyWindowState(copier, window, history);
    },
  };
}

const held = ({ window: { values, start, end } }: ReturnType<typeof pairOf>) => ({
  start,
  values: [...values.subarray(0, end)],
});

/** What happens at a step: what was observed, and what experts are shown, which is the same where it is left out. */
const steps = fc.array(
  fc.record({
    observed: fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: 1e-9, max: 1e12, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN, Number.MIN_VALUE, 1e300) },
    ),
    shown: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { freq: 9, nil: undefined }),
    takenBack: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 2),
  }),
  { maxLength: 3 * capacity },
);

describe('a window beside the history of what was observed', () => {
  it('is the same to the bit once it was copied, whatever was observed and shown', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const pair = pairOf();
        for (const { observed, shown, takenBack } of all) {
          pair.window.takeBack(takenBack);
          pair.history.push(observed);
          pair.window.push(Math.sqrt(shown ?? (Number.isNaN(observed) ? 1 : observed)));
        }
        const bytes = savedState(pair);
        const restored = pairOf();
        restoreState(restored, bytes);
        expect(held(restored)).toEqual(held(pair));
        expect(savedState(restored)).toEqual(bytes);
      }),
    );
  });

  it('takes a byte a step in place of four where experts see what was observed', () => {
    const pair = pairOf();
    const random = createRandom(1);
    for (let step = 0; step < capacity; step++) {
      const demand = 100 * random();
      pair.history.push(demand);
      pair.window.push(Math.sqrt(demand));
    }
    expect(savedState(pair).length).toBeLessThan(3.5 * capacity);
    for (let back = 0; back < capacity; back++) {
      const root = pair.window.values[capacity - 1 - back] ?? 0;
      expect(pair.history.at(back, root)).toBe(root ** 2);
    }
  });

  it.each([Number.NaN, -1, 1e9])('refuses a state of %s values', (count) => {
    const pair = pairOf();
    const bytes = savedState(pair);
    const view = new DataView(bytes.buffer);
    for (const at of [0, 16]) {
      const whole = view.getFloat64(at, true);
      view.setFloat64(at, count, true);
      expect(() => restoreState(pairOf(), bytes)).toThrow(RangeError);
      view.setFloat64(at, whole, true);
    }
    expect(() => restoreState(pairOf(), bytes)).not.toThrow();
  });
});
