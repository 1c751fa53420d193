import type { Spectrum } from './spectrum.ts';

/** The first harmonics of a season are its shape; a later one may stand out from its neighbours this many times. */
const shapeHarmonics = 6;
const standsOutBy = 4;
/** Harmonics that can appear as aliases. */
const mostAliasedHarmonics = 16;
/** Two lines nearer than this many bins are one. */
export const resolutionBins = 1.5;
/** An image of a line has at most this share of its power. */
const imageShare = 0.05;

/** A line of a spectrum, and a season that may explain it. Places are counted in bins and may be fractions. */
export interface LineAndSeason {
  readonly place: number;
  /** Place of the season's own frequency. */
  readonly seasonBin: number;
  /** Place of the sampling frequency, one cycle per step. */
  readonly stepBin: number;
}

/** Whether a line belongs to a season: as a harmonic of its shape, as an alias or as an image. */
export function belongsTo(spectrum: Spectrum, line: LineAndSeason): boolean {
  const { place, seasonBin } = line;
  const n = Math.round(place / seasonBin);
  const away = place - n * seasonBin;
  // The place of the season's own line is known to a part of a bin, and the n-th harmonic n times less well.
  if (n >= 1 && Math.abs(away) < Math.min(0.2 * seasonBin, resolutionBins + 0.1 * n)) {
    return n < shapeHarmonics || !standsOutFromHarmonics(spectrum, line, n);
  }
  return isAlias(line) || isImage(spectrum, line);
}

/** Whether the line of the n-th harmonic is far above the mean of six others beside it. */
function standsOutFromHarmonics({ power, lastBin }: Spectrum, line: LineAndSeason, n: number): boolean {
  const { place, seasonBin } = line;
  let beside = 0;
  for (let i = 1; i <= 3; i++) {
    beside += power[Math.round((n - i) * seasonBin)]!;
    const above = Math.round((n + i) * seasonBin);
    beside += power[above <= lastBin ? above : Math.round((n - i - 3) * seasonBin)]!;
  }
  return power[Math.round(place)]! >= (standsOutBy * beside) / 6;
}

/** Whether a line is an alias of a harmonic: the harmonic is faster than the steps can show. */
function isAlias({ place, seasonBin, stepBin }: LineAndSeason): boolean {
  for (let harmonic = 2; harmonic <= mostAliasedHarmonics; harmonic++) {
    const beyond = (harmonic * seasonBin) % stepBin;
    if (Math.abs(Math.min(beyond, stepBin - beyond) - place) < resolutionBins) return true;
  }
  return false;
}

/** Whether a line is a faint image of the season's line, which interpolation makes when the window is stretched. */
function isImage(spectrum: Spectrum, { place, seasonBin, stepBin }: LineAndSeason): boolean {
  const { power, lastBin, size } = spectrum;
  const line = Math.round(seasonBin);
  if (line > lastBin) return false;
  const isFaint = power[Math.round(place)]! < imageShare * power[line]!;
  const isThere = (beyond: number) => Math.abs(Math.abs(size - beyond) - place) < resolutionBins;
  return isFaint && (isThere(stepBin - seasonBin) || isThere(stepBin + seasonBin));
}
