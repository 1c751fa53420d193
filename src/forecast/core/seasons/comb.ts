import { largestSpectrum, type Spectrum } from './spectrum.ts';

/** The noise beside a line is read from a third of its frequency to three times it, or farther up to so many bins … */
const wideRatio = 3;
const fewestBins = 12;
/** … but no farther than this many bins from it, and once more from close by where there is a close by. */
const mostBins = 32;
const narrowBins = 4;
const fewestCyclesForNarrow = 5;
/** No noise falls steeper with the frequency than a walk whose steps are a walk. */
const steepest = 4;
/** The mean of ln of an exponential variable with mean 1, as the power of noise is. */
export const meanLog = -0.5772;
/** So many logarithms tell as much of a mean as one value does. */
const logsPerMean = 1.645;
/** Below this share of all power there is only rounding. */
export const smallestPower = 1e-20;
/** Sums over so many lines are tried: a sine has one, a sharp peak many. */
const lineCounts = [1, 2, 4, 8];
const logs = Float64Array.from({ length: largestSpectrum / 2 + 1 }, (_, j) => Math.log(j));

/** What a spectrum says of one period: a season stands on the multiples of its cycles, as the teeth of a comb. */
export interface CombEvidence {
  /** −ln of the probability that noise alone does as much: 7 is one in a thousand. */
  readonly evidence: number;
  /** Share, 0–1, of what varies within a period and a half that the season explains. */
  readonly strength: number;
}

/**
 * Tests the comb of a season with `cycles` cycles in the window against the noise beside each of its lines. A line of
 * noise over the mean of m bins of noise is F-distributed with 2 and 2m degrees of freedom, so m·ln(1 + ratio/m) is
 * exponential whatever m, and a sum of n of them has a gamma distribution. No model of the noise is needed: only that its
 * spectrum is a power of the frequency near the line, as it is of white noise and of random walks.
 * Lines that are multiples of `except` are left out: they may be a shorter season's.
 */
export function combEvidence(spectrum: Spectrum, cycles: number, except: number): CombEvidence {
  const { power, lastBin } = spectrum;
  let sum = 0;
  let count = 0;
  let explained = 0;
  let evidence = 0;
  for (let n = 1; n * cycles <= lastBin; n++) {
    if (except > 1 && n % except === 0) continue;
    const line = n * cycles;
    let { mean, bins } = noiseBeside(spectrum, cycles, line, Math.ceil(line / wideRatio), line * wideRatio);
    if (cycles >= fewestCyclesForNarrow) {
      const narrow = noiseBeside(spectrum, cycles, line, line - narrowBins, line + narrowBins);
      if (narrow.mean > mean) ({ mean, bins } = narrow);
    }
    if (bins === 0) break;
    const ratio = mean > 0 ? (power[line] ?? 0) / mean : (power[line] ?? 0) > 0 ? 1e9 : 0;
    sum += bins * Math.log1p(ratio / bins);
    explained += Math.max(0, (power[line] ?? 0) - mean);
    count++;
    if (lineCounts.includes(count)) evidence = Math.max(evidence, gammaEvidence(sum, count));
    if (count === lineCounts.at(-1)) break;
  }
  return { evidence, strength: Math.min(1, explained / Math.max(1e-300, varying(spectrum, cycles, except))) };
}

/**
 * The power of noise at a line, from the bins beside it that are no lines: a straight line in log frequency and log
 * power, which other seasons' lines move little.
 */
function noiseBeside({ power, lastBin }: Spectrum, cycles: number, line: number, from: number, to: number) {
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
    const logFrequency = (logs[j] ?? 0) - (logs[line] ?? 0);
    const logPower = Math.log((power[j] ?? 0) + smallestPower) - meanLog;
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

/** Power of what goes up and down within a period and a half, a shorter season's lines left out. */
function varying({ power, lastBin }: Spectrum, cycles: number, except: number): number {
  let sum = 0;
  for (let j = Math.ceil(cycles / 1.5); j <= lastBin; j++) {
    if (except > 1 && j % (cycles * except) === 0) continue;
    sum += power[j] ?? 0;
  }
  return sum;
}

/**
 * How much higher the comb of `cycles` stands than the lines of a longer season beside it, whose cycles are
 * `longCycles`: about 1 where it is but a part of the longer season's shape.
 */
export function standsOut({ power, lastBin }: Spectrum, cycles: number, longCycles: number): number {
  let own = 0;
  let beside = 0;
  for (let n = 1; n <= 4 && n * cycles + 3 * longCycles <= lastBin; n++) {
    own += power[n * cycles] ?? 0;
    let sum = 0;
    let pairs = 0;
    for (let away = longCycles; away <= 3 * longCycles && away < n * cycles; away += longCycles) {
      // The geometric mean, because a shape's lines fall with the frequency: the one below alone would outdo any.
      sum += Math.sqrt((power[n * cycles - away] ?? 0) * (power[n * cycles + away] ?? 0));
      pairs++;
    }
    beside += sum / Math.max(1, pairs);
  }
  return beside > 0 ? own / beside : own > 0 ? Number.POSITIVE_INFINITY : 0;
}
