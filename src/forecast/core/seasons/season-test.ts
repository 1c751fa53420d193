import { type CombEvidence, combEvidence, standsOut } from './comb.ts';
import { largestSpectrum, spectrumOf } from './spectrum.ts';
import type { SteadyWindow } from './steady-window.ts';

/** Of a period: how sure it is that it repeats, and how much of the demand it explains. */
export interface TestedSeason extends CombEvidence {
  readonly seconds: number;
}

/** A window that is short of a whole number of cycles by so little counts as whole. */
const wholeEnough = 0.02;
/** What goes on within a half, a third … of the period would do as well, unless the other lines say this much. */
const parts = [2, 3, 5, 7];
const ownEvidence = 4.5;
/** Below this evidence nobody asks for the strength. */
const leastEvidence = 3.5;
/** Windows of more values than this are asked once: their cycles are many. */
const mostHalvedValues = 1024;
const fewestHalfCycles = 4;
/** Harmonics of a longer season up to here are its shape; beyond, a line that stands out has a cause of its own. */
const shapeHarmonics = 6;
const standsOutBy = 3;

const power = new Float64Array(largestSpectrum / 2 + 1);
const squares = new Float64Array(largestSpectrum);

/** Whole cycles of a period that a window holds. */
export function cyclesIn(window: SteadyWindow, seconds: number): number {
  return Math.floor((window.values.length * window.stepSeconds) / seconds + wholeEnough);
}

/**
 * Tests one period in a window of square roots; `except` as for the comb. The strength is the smaller of that in the
 * square roots and that in the demand itself: what drowns in bursts there is of no use to a forecast. The newer half of
 * the window is asked as well, because a season may have changed its phase or its size midway.
 */
export function testSeason(window: SteadyWindow, seconds: number, except: number): TestedSeason {
  const { values, stepSeconds } = window;
  const period = seconds / stepSeconds;
  const cycles = cyclesIn(window, seconds);
  const half = Math.floor(cycles / 2);
  const nothing = { seconds, evidence: 0, strength: 0 };
  if (period < 2 || cycles < 2) return nothing;
  const whole = testCycles(values, period, cycles, except);
  const asksHalf = half >= fewestHalfCycles && values.length <= mostHalvedValues;
  const newer = asksHalf ? testCycles(values, period, half, except) : whole;
  const isNewer = newer.evidence > whole.evidence;
  const { evidence, strength } = isNewer ? newer : whole;
  if (evidence < leastEvidence) return nothing;
  for (let i = 0; i < values.length; i++) squares[i] = (values[i] ?? 0) ** 2;
  const count = isNewer ? half : cycles;
  const plain = combEvidence(
    spectrumOf(squares.subarray(0, values.length), period, count, power),
    count,
    except,
  );
  return { seconds, evidence, strength: Math.min(strength, plain.strength) };
}

function testCycles(values: Float64Array, period: number, cycles: number, except: number): CombEvidence {
  const spectrum = spectrumOf(values, period, cycles, power);
  const tested = combEvidence(spectrum, cycles, except);
  if (tested.evidence < leastEvidence) return tested;
  const isWhole = parts.every((part) => combEvidence(spectrum, cycles, part).evidence >= ownEvidence);
  return isWhole ? tested : { evidence: 0, strength: 0 };
}

/** Whether a period is more than a part of a longer season's shape. */
export function isOwnSeason(window: SteadyWindow, seconds: number, longerSeconds: number): boolean {
  if (!isMultiple(longerSeconds, seconds)) return true;
  return longerSeconds / seconds > shapeHarmonics - 0.5 && outdoes(window, seconds, longerSeconds);
}

/** Whether a part of a longer season stands out from the longer one's other lines. */
export function outdoes(window: SteadyWindow, seconds: number, longerSeconds: number): boolean {
  const cycles = cyclesIn(window, longerSeconds);
  if (cycles < 1) return true;
  const spectrum = spectrumOf(window.values, longerSeconds / window.stepSeconds, cycles, power);
  return standsOut(spectrum, cycles * Math.round(longerSeconds / seconds), cycles) >= standsOutBy;
}

export function isMultiple(longer: number, shorter: number): boolean {
  const times = longer / shorter;
  return times > 1.5 && Math.abs(times - Math.round(times)) < 1e-6 * times;
}
