import type { Calendar, StreamingModel } from './contract.ts';

/** Frequencies above one per hour count as noise; the strongest of the others are kept. */
const highestPerDay = 24;
const keptFrequencies = 20;

/**
 * The method of Crane's DSP predictor (gocrane/crane, pkg/prediction/dsp): it repeats the strongest frequencies of the last
 * week below one per hour, or of the last day while there is no week yet. Crane refits twice a day and adds a margin; here the
 * spectrum is updated with every value (sliding DFT, Jacobsen & Lyons 2003) and no margin is added.
 */
export function createFftReplay(calendar: Calendar): StreamingModel {
  const day = spectrumReplay(calendar, calendar.daySteps);
  const week = spectrumReplay(calendar, calendar.weekSteps);
  return {
    observe(value) {
      day.observe(value);
      week.observe(value);
    },
    at(steps) {
      const weekly = week.at(steps);
      return Number.isNaN(weekly) ? day.at(steps) : weekly;
    },
  };
}

function spectrumReplay({ daySteps }: Calendar, windowSteps: number): StreamingModel {
  const days = windowSteps / daySteps;
  const bins = Math.min(Math.floor(windowSteps / 2), Math.round(highestPerDay * days));
  const cos = Float64Array.from({ length: windowSteps }, (_, i) => Math.cos((2 * Math.PI * i) / windowSteps));
  const sin = Float64Array.from({ length: windowSteps }, (_, i) => Math.sin((2 * Math.PI * i) / windowSteps));
  const ring = new Float64Array(windowSteps);
  const real = new Float64Array(bins + 1);
  const imaginary = new Float64Array(bins + 1);
  const kept = new Int32Array(keptFrequencies);
  let isRanked = false;
  let seen = 0;
  let newest = Number.NaN;

  function rank(): void {
    const power = (k: number) => real[k]! ** 2 + imaginary[k]! ** 2;
    // Insertion into a short sorted list; bin 0, the mean, is always kept.
    let count = 0;
    for (let k = 1; k <= bins; k++) {
      if (count === keptFrequencies && power(k) <= power(kept[count - 1]!)) continue;
      let at = count < keptFrequencies ? count++ : count - 1;
      for (; at > 0 && power(kept[at - 1]!) < power(k); at--) kept[at] = kept[at - 1]!;
      kept[at] = k;
    }
    isRanked = true;
  }

  return {
    observe(value) {
      // A gap repeats the newest value; gaps before the first value are ignored.
      if (!Number.isNaN(value)) newest = value;
      if (Number.isNaN(newest)) return;
      const slot = seen % windowSteps;
      const change = newest - ring[slot]!;
      ring[slot] = newest;
      seen++;
      isRanked = false;
      for (let k = 0; k <= bins; k++) {
        const re = real[k]! + change;
        const im = imaginary[k]!;
        const [c, s] = [cos[k]!, sin[k]!];
        real[k] = re * c - im * s;
        imaginary[k] = re * s + im * c;
      }
    },
    at(steps) {
      if (seen < windowSteps) return Number.NaN;
      if (!isRanked) rank();
      let sum = real[0]!;
      for (let i = 0; i < Math.min(keptFrequencies, bins); i++) {
        const k = kept[i]!;
        const angle = (k * (steps - 1)) % windowSteps;
        // The Nyquist bin counts once; every other bin also stands for its mirror image.
        const weight = 2 * k === windowSteps ? 1 : 2;
        sum += weight * (real[k]! * cos[angle]! - imaginary[k]! * sin[angle]!);
      }
      return Math.max(0, sum / windowSteps);
    },
  };
}
