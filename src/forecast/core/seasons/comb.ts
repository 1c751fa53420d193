import { largestSpectrum, type Spectrum } from './spectrum.ts';

/** The noise beside a line is read from a third of its frequency to three times its frequency. */
const wideRatio = 3;
/** Where that range has fewer bins than this, bins of higher frequencies are read as well. */
const fewestBins = 12;
/** No noise is read from farther away than this many bins. */
const mostBins = 32;
/** Noise is estimated a second time from the bins that are so near, and the higher estimate counts. */
const narrowBins = 4;
/** With fewer cycles than this the lines are too close together for an estimate from near bins. */
const fewestCyclesForNarrow = 5;
/** Power of noise falls at most with this power of the frequency: that of a random walk whose steps are a random walk. */
const steepest = 4;
/** Mean of the logarithm of an exponential variable with mean 1, which is how the power of noise is distributed. */
export const meanLog = -0.5772;
/** A mean of this many logarithms is as certain as one exponential value (π²/6, the variance of the logarithm). */
const logsPerMean = 1.645;
/** A power below this share of the whole is rounding. */
export const smallestPower = 1e-20;
/** Evidence is the highest of the sums over this many lines: a sine has one line, a sharp peak has many. */
const lineCounts = [1, 2, 4, 8];
/** Ratio of a line to noise where there is no noise at all. */
const infiniteRatio = 1e9;
/** ln j for each bin j. */
const logs = Float64Array.from({ length: largestSpectrum / 2 + 1 }, (_, j) => Math.log(j));

/** Evidence for one period in a spectrum. The lines of a season are the multiples of its cycles, like the teeth of a comb. */
export interface CombEvidence {
  /** −ln of the probability that noise alone has as much power on these lines: 7 is one in a thousand. */
  readonly evidence: number;
  /** Share, 0–1, that the season explains of the variation within a period and a half. */
  readonly strength: number;
}

/** The power of noise at a line, and the number of values that its mean is as certain as. */
interface Noise {
  readonly mean: number;
  readonly bins: number;
}

/**
 * Tests the comb of a season with `cycles` cycles in the window against the noise beside each of its lines. A line of
 * noise over the mean of m bins of noise is F-distributed with 2 and 2m degrees of freedom, so m·ln(1 + ratio/m) is
 * exponential whatever m, and a sum of n of them has a gamma distribution. The only assumption about the noise is that its
 * power near the line is a power of the frequency, which holds for white noise and for random walks.
 * Lines that are multiples of `except` are left out, because they may belong to a shorter season; 1 leaves out none.
 */
export function combEvidence(spectrum: Spectrum, cycles: number, except: number): CombEvidence {
  return createComb(spectrum, cycles).evidence(except);
}

/** The comb of one season, to be tested with several exceptions as {@link combEvidence} does, which the spectrum must outlive. */
export function createComb(spectrum: Spectrum, cycles: number) {
  const { power, lastBin } = spectrum;
  const noises: Noise[] = [];

  function sumsOf(except: number) {
    let sum = 0;
    let count = 0;
    let explained = 0;
    let evidence = 0;
    for (let n = 1; n * cycles <= lastBin; n++) {
      if (except > 1 && n % except === 0) continue;
      const line = n * cycles;
      const noise = noises[n] ?? noiseBeside(spectrum, cycles, line);
      noises[n] = noise;
      const { mean, bins } = noise;
      if (bins === 0) break;
      const own = power[line]!;
      const ratio = mean > 0 ? own / mean : own > 0 ? infiniteRatio : 0;
      sum += bins * Math.log1p(ratio / bins);
      explained += Math.max(0, own - mean);
      count++;
      if (lineCounts.includes(count)) evidence = Math.max(evidence, gammaEvidence(sum, count));
      if (count === lineCounts.at(-1)) break;
    }
    return { evidence, explained };
  }

  return {
    evidence(except: number): CombEvidence {
      const { evidence, explained } = sumsOf(except);
      return {
        evidence,
        strength: Math.min(1, explained / Math.max(1e-300, varying(spectrum, cycles, except))),
      };
    },
    /** The evidence alone, which costs less. */
    evidenceAlone: (except: number): number => sumsOf(except).evidence,
  };
}

function noiseBeside(spectrum: Spectrum, cycles: number, line: number): Noise {
  const wide = noiseWithin(spectrum, cycles, line, [Math.ceil(line / wideRatio), line * wideRatio]);
  if (cycles < fewestCyclesForNarrow) return wide;
  const narrow = noiseWithin(spectrum, cycles, line, [line - narrowBins, line + narrowBins]);
  return narrow.mean > wide.mean ? narrow : wide;
}

/**
 * The power of noise at a line, estimated from the bins between `from` and `to` that are no lines: a straight line is fitted
 * to the logarithm of power over the logarithm of frequency, on which the lines of other seasons have little influence.
 */
function noiseWithin(
  { power, lastBin }: Spectrum,
  cycles: number,
  line: number,
  [from, to]: readonly [from: number, to: number],
): Noise {
  const isWide = to === line * wideRatio;
  let bins = 0;
  let x = 0;
  let y = 0;
  let xx = 0;
  let xy = 0;
  const first = Math.max(1, from, line - mostBins);
  const last = Math.min(lastBin, line + mostBins);
  for (let j = first; j <= last; j++) {
    if (j > to && !(isWide && bins < fewestBins)) break;
    if (j % cycles === 0) continue;
    const logFrequency = logs[j]! - logs[line]!;
    const logPower = Math.log(power[j]! + smallestPower) - meanLog;
    bins++;
    x += logFrequency;
    y += logPower;
    xx += logFrequency * logFrequency;
    xy += logFrequency * logPower;
  }
  if (bins === 0) return { mean: 0, bins: 0 };
  const spread = xx - (x * x) / bins;
  const slope =
    isWide && bins > 3 && spread > 0 ? Math.min(0, Math.max(-steepest, (xy - (x * y) / bins) / spread)) : 0;
  return { mean: Math.exp((y - slope * x) / bins), bins: bins / logsPerMean };
}

/** −ln of the probability that the sum of `count` standard exponentials is above `sum`. */
function gammaEvidence(sum: number, count: number): number {
  let term = 1;
  let series = 1;
  for (let i = 1; i < count; i++) {
    term *= sum / i;
    series += term;
  }
  return sum - Math.log(series);
}

/** Power of all variation within a period and a half, without the lines of a shorter season. */
function varying({ power, lastBin }: Spectrum, cycles: number, except: number): number {
  let sum = 0;
  const every = except > 1 ? cycles * except : lastBin + 1;
  const first = Math.ceil(cycles / 1.5);
  for (let j = first, leftOut = every * Math.ceil(first / every); j <= lastBin; j++) {
    if (j === leftOut) leftOut += every;
    else sum += power[j]!;
  }
  return sum;
}

/**
 * Power on the comb of `cycles` divided by the power on the neighbouring lines of a longer season with `longCycles` cycles:
 * about 1 where the comb is only a part of the longer season's shape.
 */
export function standsOut({ power, lastBin }: Spectrum, cycles: number, longCycles: number): number {
  let own = 0;
  let beside = 0;
  for (let n = 1; n <= 4 && n * cycles + 3 * longCycles <= lastBin; n++) {
    own += power[n * cycles]!;
    let sum = 0;
    let pairs = 0;
    for (let away = longCycles; away <= 3 * longCycles && away < n * cycles; away += longCycles) {
      // The geometric mean, because the lines of a shape fall with the frequency: the lower line alone is always higher.
      sum += Math.sqrt(power[n * cycles - away]! * power[n * cycles + away]!);
      pairs++;
    }
    beside += sum / Math.max(1, pairs);
  }
  return beside > 0 ? own / beside : own > 0 ? Number.POSITIVE_INFINITY : 0;
}
