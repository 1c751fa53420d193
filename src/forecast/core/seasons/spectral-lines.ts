import { meanLog, smallestPower } from './comb.ts';
import type { Spectrum } from './spectrum.ts';

/** A line is tested when its power is this many times the noise beside it. */
const peakRatio = 12;
/** The highest lines above the noise that are tested. */
const mostPeaks = 6;
/** Noise is read from a third of a line's frequency to three times it, at most this many bins away. */
const noiseBins = 24;
/** Noise beside a line is read at least up to this bin. */
const fewestNoiseBins = 12;

export type SpectralLines = ReturnType<typeof createSpectralLines>;

/** Narrow lines of a spectrum and the noise beside them. */
export function createSpectralLines({ power, lastBin }: Spectrum) {
  /** `logSums[j]` is the sum of the logarithms of power below bin j, so that a mean over any range is one difference. */
  const logSums = new Float64Array(lastBin + 2);
  for (let j = 0; j <= lastBin; j++)
    logSums[j + 1] = logSums[j]! + (j === 0 ? 0 : Math.log(power[j]! + smallestPower));

  const sumOfLogs = (first: number, last: number) => logSums[last + 1]! - logSums[first]!;

  /** The typical power beside a bin, without the bin and its two neighbours. */
  function noiseAt(bin: number): number {
    const first = Math.max(1, Math.ceil(bin / 3), bin - noiseBins);
    const last = Math.min(lastBin, Math.max(3 * bin, fewestNoiseBins), bin + noiseBins);
    const ownFirst = Math.max(first, bin - 1);
    const ownLast = Math.min(last, bin + 1);
    const count = last - first - (ownLast - ownFirst);
    const sum = sumOfLogs(first, last) - sumOfLogs(ownFirst, ownLast);
    return count > 0 ? Math.exp(sum / count - meanLog) : Number.POSITIVE_INFINITY;
  }

  return {
    /** Bins from `from` to `to` that stand out from the noise beside them, the highest above it first. */
    peaks(from: number, to: number): number[] {
      const peaks: { bin: number; ratio: number }[] = [];
      for (let j = Math.max(1, Math.floor(from)); j <= Math.min(lastBin, Math.ceil(to)); j++) {
        const own = power[j]!;
        if (own < power[j - 1]! || (j < lastBin && own < power[j + 1]!)) continue;
        const ratio = own / noiseAt(j);
        if (ratio > peakRatio) peaks.push({ bin: j, ratio });
      }
      return peaks
        .sort((a, b) => b.ratio - a.ratio)
        .slice(0, mostPeaks)
        .map(({ bin }) => bin);
    },
    /** Whether the power of a bin is more than `times` the noise beside it; one that the spectrum does not have holds none. */
    isAboveNoise: (bin: number, times: number) => bin <= lastBin && power[bin]! > times * noiseAt(bin),
  };
}

/** Where between the bins a line is: for a pure wave, the amplitudes of the two neighbouring bins tell it exactly. */
export function placeOfLine({ power, lastBin }: Spectrum, bin: number): number {
  if (bin >= lastBin) return bin;
  const below = Math.sqrt(power[bin - 1]!);
  const above = Math.sqrt(power[bin + 1]!);
  const own = Math.sqrt(power[bin]!);
  return above > below ? bin + above / (own + above) : bin - below / (own + below);
}
