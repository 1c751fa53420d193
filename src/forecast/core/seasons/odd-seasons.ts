import { meanLog, smallestPower } from './comb.ts';
import { cyclesIn, type TestedSeason, testSeason } from './season-test.ts';
import { largestSpectrum, type Spectrum, spectrumOf } from './spectrum.ts';
import type { SteadyWindow } from './steady-window.ts';

/** Hundreds of periods are looked at, so that one needs far more evidence than a likely one … */
const oddEvidence = 18;
const leastStrength = 0.15;
/** … and more cycles. */
const fewestCycles = 3;
/** Evidence for a period of which the one that was seen is a half, a third or a fifth. */
const multipleEvidence = 9;
const longerRatio = 4;
/** Harmonics of a season up to here are its shape; beyond, a line may stand out by so much from those beside it. */
const shapeHarmonics = 6;
const standsOutBy = 4;
/** A line is worth a test when it stands this much above the noise beside it; so many are tested at most. */
const peakRatio = 12;
const mostPeaks = 6;
const noiseBins = 24;
const fewestNoiseBins = 12;
/** Two lines nearer than this many bins are one. */
const resolutionBins = 1.5;
/** A round length is preferred to one that is measured when they are as near as this. */
const roundingBins = 0.3;
/** An image of a line has at most this share of its power. */
const imageShare = 0.05;

const power = new Float64Array(largestSpectrum / 2 + 1);
const logSums = new Float64Array(largestSpectrum / 2 + 2);

/** Seasons of no likely period, between two lengths in seconds, beside those that were found already. */
export function findOddSeasons(
  window: SteadyWindow,
  [shortest, longest]: readonly [number, number],
  likely: readonly number[],
  known: readonly TestedSeason[],
): TestedSeason[] {
  const { values, stepSeconds } = window;
  if (values.length < 4 * fewestCycles) return [];
  // Whole cycles of the longest season, so that what is known stays on its lines.
  const base = Math.max(0, ...known.map(({ seconds }) => seconds).filter((s) => cyclesIn(window, s) >= 2));
  const cycles = base > 0 ? cyclesIn(window, base) : 1;
  const period = base > 0 ? base / stepSeconds : values.length;
  const spectrum = spectrumOf(values, period, cycles, power);
  const windowSeconds = cycles * period * stepSeconds;
  const stepBin = windowSeconds / stepSeconds;
  const found: TestedSeason[] = [];
  for (const bin of peaksOf(spectrum, windowSeconds / longest, windowSeconds / shortest)) {
    const all = [...known, ...found];
    const place = refined(spectrum, bin);
    if (all.some(({ seconds }) => belongsTo(spectrum, place, windowSeconds / seconds, stepBin))) continue;
    const hasLine = (seconds: number) => standsAbove(spectrum, Math.round(windowSeconds / seconds));
    const season = testOdd(window, windowSeconds / place, likely, all, hasLine);
    if (season !== undefined) found.push(season);
  }
  return found;
}

/** Bins that stand out from the noise beside them, the highest above it first. */
function peaksOf({ power, lastBin }: Spectrum, from: number, to: number): number[] {
  logSums[0] = 0;
  for (let j = 0; j <= lastBin; j++)
    logSums[j + 1] = (logSums[j] ?? 0) + (j === 0 ? 0 : Math.log((power[j] ?? 0) + smallestPower));
  const peaks: { bin: number; ratio: number }[] = [];
  for (let j = Math.max(fewestCycles, Math.floor(from)); j <= Math.min(lastBin, Math.ceil(to)); j++) {
    const own = power[j] ?? 0;
    if (own < (power[j - 1] ?? 0) || (j < lastBin && own < (power[j + 1] ?? 0))) continue;
    const ratio = own / noiseAt(j, lastBin);
    if (ratio > peakRatio) peaks.push({ bin: j, ratio });
  }
  return peaks
    .sort((a, b) => b.ratio - a.ratio)
    .slice(0, mostPeaks)
    .map(({ bin }) => bin);
}

/** The typical power beside a bin and its neighbours, from the sums that the search left. */
function noiseAt(bin: number, lastBin: number): number {
  const first = Math.max(1, Math.ceil(bin / 3), bin - noiseBins);
  const last = Math.min(lastBin, Math.max(3 * bin, fewestNoiseBins), bin + noiseBins);
  const ownFirst = Math.max(first, bin - 1);
  const ownLast = Math.min(last, bin + 1);
  const count = last - first - (ownLast - ownFirst);
  const sum = sumOfLogs(first, last) - sumOfLogs(ownFirst, ownLast);
  return count > 0 ? Math.exp(sum / count - meanLog) : Number.POSITIVE_INFINITY;
}

function sumOfLogs(first: number, last: number): number {
  return (logSums[last + 1] ?? 0) - (logSums[first] ?? 0);
}

function standsAbove({ power, lastBin }: Spectrum, bin: number): boolean {
  return (power[bin] ?? 0) > longerRatio * noiseAt(bin, lastBin);
}

/** Where between the bins a line is: of a pure wave, the amplitudes of two neighbours tell it exactly. */
function refined({ power, lastBin }: Spectrum, bin: number): number {
  if (bin >= lastBin) return bin;
  const below = Math.sqrt(power[bin - 1] ?? 0);
  const above = Math.sqrt(power[bin + 1] ?? 0);
  const own = Math.sqrt(power[bin] ?? 0);
  return above > below ? bin + above / (own + above) : bin - below / (own + below);
}

/** Whether a line is but a part of a season's shape, an alias of it, or its image. */
function belongsTo(spectrum: Spectrum, place: number, seasonBin: number, stepBin: number): boolean {
  const { power, lastBin } = spectrum;
  const n = Math.round(place / seasonBin);
  const away = place - n * seasonBin;
  const own = power[Math.round(place)] ?? 0;
  // The season's own line is known to a part of a bin, and its harmonics that much worse.
  if (n >= 1 && Math.abs(away) < Math.min(0.2 * seasonBin, resolutionBins + 0.1 * n)) {
    let beside = 0;
    for (let i = 1; i <= 3; i++) {
      beside += power[Math.round((n - i) * seasonBin)] ?? 0;
      const above = Math.round((n + i) * seasonBin);
      beside += (above <= lastBin ? power[above] : power[Math.round((n - i - 3) * seasonBin)]) ?? 0;
    }
    return n < shapeHarmonics || own < (standsOutBy * beside) / 6;
  }
  return isAlias(place, seasonBin, stepBin) || isImage(spectrum, place, seasonBin, stepBin);
}

/** Whether a line is what steps too coarse make of a harmonic. */
function isAlias(place: number, seasonBin: number, stepBin: number): boolean {
  for (let harmonic = 2; harmonic <= 16; harmonic++) {
    const beyond = (harmonic * seasonBin) % stepBin;
    if (Math.abs(Math.min(beyond, stepBin - beyond) - place) < resolutionBins) return true;
  }
  return false;
}

/** Whether a line is a faint image of a season's, which stretching the window by straight lines makes. */
function isImage({ power, size }: Spectrum, place: number, seasonBin: number, stepBin: number): boolean {
  const line = Math.round(seasonBin);
  const isFaint = (power[Math.round(place)] ?? 0) < imageShare * (power[line] ?? 0);
  const isThere = (beyond: number) => Math.abs(Math.abs(size - beyond) - place) < resolutionBins;
  return isFaint && (isThere(stepBin - seasonBin) || isThere(stepBin + seasonBin));
}

function testOdd(
  window: SteadyWindow,
  measuredSeconds: number,
  likely: readonly number[],
  known: readonly TestedSeason[],
  hasLine: (seconds: number) => boolean,
): TestedSeason | undefined {
  const isOpen = (candidate: number) => cyclesIn(window, candidate) >= fewestCycles;
  const round = rounded(measuredSeconds);
  const seconds = isSame(window, measuredSeconds, round, roundingBins) ? round : measuredSeconds;
  if (!isOpen(seconds) || likely.some((other) => isSame(window, seconds, other, 1))) return undefined;
  const inside = known
    .map((season) => seconds / season.seconds)
    .find((parts) => parts > 1.5 && Math.abs(parts - Math.round(parts)) < 0.02);
  const except = Math.round(inside ?? 1);
  const isSure = ({ evidence, strength }: TestedSeason) =>
    evidence >= oddEvidence && strength >= leastStrength;
  let season = testSeason(window, seconds, except);
  if (!isSure(season) && seconds === round) season = testSeason(window, measuredSeconds, except);
  if (!isSure(season)) return undefined;
  // The line that is highest need not be the first of its comb.
  for (const factor of [2, 3, 5, 2]) {
    const longer = factor * season.seconds;
    if (!isOpen(longer) || !hasLine(longer)) continue;
    const tested = testSeason(window, longer, factor);
    if (tested.evidence < multipleEvidence || tested.strength < 0.1 * season.strength) continue;
    season = { ...tested, strength: season.strength };
  }
  return known.some((other) => isSame(window, season.seconds, other.seconds, resolutionBins))
    ? undefined
    : season;
}

/** The nearest length that somebody would choose. */
function rounded(seconds: number): number {
  const unit = seconds >= 172_800 ? 86_400 : seconds >= 21_600 ? 3600 : seconds >= 3600 ? 300 : 60;
  return Math.round(seconds / unit) * unit;
}

function isSame(
  { values, stepSeconds }: SteadyWindow,
  seconds: number,
  other: number,
  bins: number,
): boolean {
  return Math.abs(1 / seconds - 1 / other) * values.length * stepSeconds < bins;
}
