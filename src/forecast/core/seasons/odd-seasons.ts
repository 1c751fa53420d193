import { belongsTo, resolutionBins } from './season-lines.ts';
import { cyclesIn, type SeasonTests, type TestedSeason } from './season-test.ts';
import { createSpectralLines, placeOfLine, type SpectralLines } from './spectral-lines.ts';
import { createPower } from './spectrum.ts';
import type { SteadyWindow } from './steady-window.ts';

/** Evidence that an odd period needs, far more than a likely one, because hundreds of periods are tried. */
const oddEvidence = 18;
const leastStrength = 0.15;
/** Cycles that the window must hold of an odd period, more than of a likely one. */
const fewestCycles = 3;
/** The highest line may be a harmonic: the season may be longer by these factors, the first of which is tried twice. */
const longerFactors = [2, 3, 5, 2];
/** Evidence for such a longer period, power of its line over the noise, and its strength as a share of the shorter one's. */
const longerEvidence = 9;
const longerRatio = 4;
const longerStrengthShare = 0.1;
/** A round length replaces a measured one that is nearer to it than this many bins. */
const roundingBins = 0.3;

/** What to look for, and where. */
export interface OddSearch {
  readonly window: SteadyWindow;
  /** Range of periods, seconds. */
  readonly shortest: number;
  readonly longest: number;
  /** Periods that are tested elsewhere, seconds. */
  readonly likely: readonly number[];
  /** Seasons that were found already. */
  readonly known: readonly TestedSeason[];
}

/** Seasons whose period is none of the likely ones, besides those that were found already. */
export function findOddSeasons(search: OddSearch, tests: SeasonTests): TestedSeason[] {
  const { window, shortest, longest, known } = search;
  const { values, stepSeconds } = window;
  if (values.length < 4 * fewestCycles) return [];
  // The spectrum holds whole cycles of the longest known season, so that this season stays on its lines.
  const base = Math.max(0, ...known.map(({ seconds }) => seconds).filter((s) => cyclesIn(window, s) >= 2));
  const cycles = base > 0 ? cyclesIn(window, base) : 1;
  const period = base > 0 ? base / stepSeconds : values.length;
  const spectrum = tests.spectra.spectrumOf({ values, period, cycles }, createPower());
  const lines = createSpectralLines(spectrum);
  const windowSeconds = cycles * period * stepSeconds;
  const stepBin = windowSeconds / stepSeconds;
  const found: TestedSeason[] = [];
  const first = Math.max(fewestCycles, windowSeconds / longest);
  for (const bin of lines.peaks(first, windowSeconds / shortest)) {
    const all = [...known, ...found];
    const place = placeOfLine(spectrum, bin);
    const isExplained = ({ seconds }: TestedSeason) =>
      belongsTo(spectrum, { place, seasonBin: windowSeconds / seconds, stepBin });
    if (all.some(isExplained)) continue;
    const season = testLine({ ...search, known: all, lines, windowSeconds }, windowSeconds / place, tests);
    if (season !== undefined) found.push(season);
  }
  return found;
}

interface LineSearch extends OddSearch {
  readonly lines: SpectralLines;
  /** Length of the part of the window that the lines were read from. */
  readonly windowSeconds: number;
}

/** The season whose line has the measured period, or undefined where there is too little evidence for it. */
function testLine(search: LineSearch, measuredSeconds: number, tests: SeasonTests): TestedSeason | undefined {
  const { window, likely, known } = search;
  const round = rounded(measuredSeconds);
  const isRound = isSame(window, measuredSeconds, round, roundingBins);
  const seconds = isRound ? round : measuredSeconds;
  if (!isLongEnough(window, seconds) || likely.some((other) => isSame(window, seconds, other, 1)))
    return undefined;
  const except = Math.round(partsIn(seconds, known) ?? 1);
  let season = tests.test(window, seconds, except);
  if (!isSure(season) && isRound) season = tests.test(window, measuredSeconds, except);
  if (!isSure(season)) return undefined;
  season = longerSeason(search, season, tests);
  return known.some((other) => isSame(window, season.seconds, other.seconds, resolutionBins))
    ? undefined
    : season;
}

/** How many cycles of a known season a period holds, where that is a whole number of at least two. */
function partsIn(seconds: number, known: readonly TestedSeason[]): number | undefined {
  return known
    .map((season) => seconds / season.seconds)
    .find((parts) => parts > 1.5 && Math.abs(parts - Math.round(parts)) < 0.02);
}

/** A multiple of the season where the line belongs to its comb, else the season itself. */
function longerSeason(
  { window, lines, windowSeconds }: LineSearch,
  found: TestedSeason,
  tests: SeasonTests,
): TestedSeason {
  let season = found;
  for (const factor of longerFactors) {
    const longer = factor * season.seconds;
    if (!isLongEnough(window, longer)) continue;
    if (!lines.isAboveNoise(Math.round(windowSeconds / longer), longerRatio)) continue;
    const tested = tests.test(window, longer, factor);
    if (tested.evidence < longerEvidence || tested.strength < longerStrengthShare * season.strength) continue;
    season = { ...tested, strength: season.strength };
  }
  return season;
}

function isLongEnough(window: SteadyWindow, seconds: number): boolean {
  return cyclesIn(window, seconds) >= fewestCycles;
}

function isSure({ evidence, strength }: TestedSeason): boolean {
  return evidence >= oddEvidence && strength >= leastStrength;
}

/** The nearest length that a person would choose. */
function rounded(seconds: number): number {
  const unit = seconds >= 172_800 ? 86_400 : seconds >= 21_600 ? 3600 : seconds >= 3600 ? 300 : 60;
  return Math.round(seconds / unit) * unit;
}

/** Whether two periods lie within so many bins of the window's whole spectrum. */
function isSame(
  { values, stepSeconds }: SteadyWindow,
  seconds: number,
  other: number,
  bins: number,
): boolean {
  return Math.abs(1 / seconds - 1 / other) * values.length * stepSeconds < bins;
}
