import { createFourier, type Fourier } from './fourier.ts';

/** Room for a fortnight at five minutes (4,032 steps); a longer window is read by its newest part. */
export const largestSpectrum = 4096;
/** A shorter window is stretched to this many values. */
const smallestSpectrum = 16;

/** Shares of power by whole cycles of the window that the spectrum was taken from. */
export interface Spectrum {
  /** `power[j]` is the share of the wave with j cycles in the window; they sum to 1, without the mean at 0. */
  readonly power: Float64Array;
  /** The last cycle count the steps can show: half of the window's steps. */
  readonly lastBin: number;
  /** Values the window was stretched to. */
  readonly size: number;
}

/** The part of a window that a spectrum is made of. */
export interface SpectrumWindow {
  readonly values: Float64Array;
  /** Steps of one cycle, any real number. */
  readonly period: number;
  /** Whole cycles, counted back from the newest value. */
  readonly cycles: number;
}

/** Creates room for the power of one spectrum. */
export function createPower(): Float64Array {
  return new Float64Array(largestSpectrum / 2 + 1);
}

/** Makes spectra, in working memory of 100 KB that each of them overwrites. */
export function createSpectrumMaker() {
  const fourier = createFourier(largestSpectrum);
  return {
    /**
     * The spectrum of the newest `cycles` cycles of `period` steps, free of the trend from the first cycle's mean to the last
     * one's, which a season cannot change. The window is stretched to a power of two, so that a season of this period lies
     * on bins of its own, the multiples of `cycles`, and leaks into no other. `into` is overwritten and holds
     * `largestSpectrum / 2 + 1` values. O(n log n).
     */
    spectrumOf({ values, period, cycles }: SpectrumWindow, into: Float64Array): Spectrum {
      const length = period * cycles;
      let size = smallestSpectrum;
      while (size < length && size < largestSpectrum) size *= 2;
      stretch(values, length, fourier.real, size);
      removeTrend(fourier.real, size, size / cycles);
      fourier.transformReal(size);
      const lastBin = Math.min(size / 2, Math.floor(length / 2));
      powerShares(fourier, lastBin, into);
      return { power: into, lastBin, size };
    },
  };
}

/** Reads the newest `length` steps, a real number of them, at the middles of `size` equal parts. */
function stretch(values: Float64Array, length: number, into: Float64Array, size: number): void {
  const end = values.length;
  const first = end - length;
  const partSteps = length / size;
  for (let i = 0; i < size; i++) {
    const place = Math.min(end - 1, Math.max(0, first + (i + 0.5) * partSteps - 0.5));
    const below = Math.floor(place);
    const share = place - below;
    into[i] = (1 - share) * values[below]! + (share > 0 ? share * values[below + 1]! : 0);
  }
}

function removeTrend(values: Float64Array, size: number, cycleLength: number): void {
  const part = Math.max(1, Math.round(cycleLength));
  let early = 0;
  let late = 0;
  for (let i = 0; i < part; i++) {
    early += values[i]!;
    late += values[size - 1 - i]!;
  }
  const slope = size > part ? (late - early) / part / (size - part) : 0;
  const middle = (early + late) / (2 * part);
  for (let i = 0; i < size; i++) values[i] = values[i]! - middle - slope * (i - (size - 1) / 2);
}

function powerShares({ real, imaginary }: Fourier, lastBin: number, into: Float64Array): void {
  let whole = 0;
  for (let j = 1; j <= lastBin; j++) whole += real[j]! ** 2 + imaginary[j]! ** 2;
  const scale = whole > 0 ? 1 / whole : 0;
  into[0] = 0;
  for (let j = 1; j <= lastBin; j++) into[j] = scale * (real[j]! ** 2 + imaginary[j]! ** 2);
}
