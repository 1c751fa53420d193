import { type CombEvidence, combEvidence, createComb, standsOut } from './comb.ts';
import { createPower, createSpectrumMaker, largestSpectrum, type SpectrumWindow } from './spectrum.ts';
import type { SteadyWindow } from './steady-window.ts';

/** How sure it is that a period repeats, and how much of the demand it explains. */
export interface TestedSeason extends CombEvidence {
  readonly seconds: number;
}

/** A window that is short of a whole number of cycles by this share of a cycle counts as whole. */
const wholeEnough = 0.02;
/** A period counts only where its lines have `ownEvidence` without those of a half, a third, a fifth and a seventh of it. */
const parts = [2, 3, 5, 7];
const ownEvidence = 4.5;
/** Below this evidence the strength is not needed. */
const leastEvidence = 3.5;
/** The newer half of a window is tested separately only where the window has at most this many values. */
const mostHalvedValues = 1024;
/** The newer half of a window is tested separately only where it holds at least this many cycles. */
const fewestHalfCycles = 4;
/** The first harmonics of a longer season are its shape; a later one may be a season of its own if it stands out. */
const shapeHarmonics = 6;
const standsOutBy = 3;

export type SeasonTests = ReturnType<typeof createSeasonTests>;

/** Tests single periods of windows of square roots, in working memory that every test overwrites. */
export function createSeasonTests() {
  const spectra = createSpectrumMaker();
  const power = createPower();
  const squares = new Float64Array(largestSpectrum);

  function testCycles(window: SpectrumWindow, except: number): CombEvidence {
    const spectrum = spectra.spectrumOf(window, power);
    const { cycles } = window;
    const comb = createComb(spectrum, cycles);
    const tested = comb.evidence(except);
    if (tested.evidence < leastEvidence) return tested;
    const isWhole = parts.every((part) => comb.evidenceAlone(part) >= ownEvidence);
    return isWhole ? tested : { evidence: 0, strength: 0 };
  }

  function strengthInDemand({ values, period, cycles }: SpectrumWindow, except: number): number {
    for (let i = 0; i < values.length; i++) squares[i] = values[i]! ** 2;
    const demand = squares.subarray(0, values.length);
    return combEvidence(spectra.spectrumOf({ values: demand, period, cycles }, power), cycles, except)
      .strength;
  }

  const tests = {
    spectra,
    /**
     * Tests one period; `except` is the one of {@link combEvidence}. The strength is the smaller of the strength in square
     * roots and the strength in demand itself, because a season that drowns in bursts of demand is of no use to a forecast.
     * The newer half of the window is tested as well, because a season may have changed its phase or its size midway.
     */
    test(window: SteadyWindow, seconds: number, except: number): TestedSeason {
      const { values, stepSeconds } = window;
      if (values.length > largestSpectrum) {
        throw new RangeError(`a window of ${values.length} values is too long, at most ${largestSpectrum}`);
      }
      const period = seconds / stepSeconds;
      const cycles = cyclesIn(window, seconds);
      const half = Math.floor(cycles / 2);
      const nothing = { seconds, evidence: 0, strength: 0 };
      if (period < 2 || cycles < 2) return nothing;
      const whole = testCycles({ values, period, cycles }, except);
      const isHalfTested = half >= fewestHalfCycles && values.length <= mostHalvedValues;
      const newer = isHalfTested ? testCycles({ values, period, cycles: half }, except) : whole;
      const isNewer = newer.evidence > whole.evidence;
      const { evidence, strength } = isNewer ? newer : whole;
      if (evidence < leastEvidence) return nothing;
      const inDemand = strengthInDemand({ values, period, cycles: isNewer ? half : cycles }, except);
      return { seconds, evidence, strength: Math.min(strength, inDemand) };
    },
    /** Whether a period is more than a part of a longer season's shape. */
    isOwnSeason(window: SteadyWindow, seconds: number, longerSeconds: number): boolean {
      if (!isMultiple(longerSeconds, seconds)) return true;
      return longerSeconds / seconds > shapeHarmonics - 0.5 && tests.outdoes(window, seconds, longerSeconds);
    },
    /** Whether a part of a longer season stands out from the longer one's other lines. */
    outdoes(window: SteadyWindow, seconds: number, longerSeconds: number): boolean {
      const cycles = cyclesIn(window, longerSeconds);
      if (cycles < 1) return true;
      const period = longerSeconds / window.stepSeconds;
      const spectrum = spectra.spectrumOf({ values: window.values, period, cycles }, power);
      return standsOut(spectrum, cycles * Math.round(longerSeconds / seconds), cycles) >= standsOutBy;
    },
  };
  return tests;
}

/** Whole cycles of a period that a window holds. */
export function cyclesIn(window: SteadyWindow, seconds: number): number {
  return Math.floor((window.values.length * window.stepSeconds) / seconds + wholeEnough);
}

/** Whether a period is twice or more, a whole number of times, a shorter one. */
export function isMultiple(longer: number, shorter: number): boolean {
  const times = longer / shorter;
  return times > 1.5 && Math.abs(times - Math.round(times)) < 1e-6 * times;
}
