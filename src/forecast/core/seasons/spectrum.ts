/** Room for a fortnight at five minutes (4,032 steps); a longer window is read by its newest part. */
export const largestSpectrum = 4096;

const real = new Float64Array(largestSpectrum);
const imaginary = new Float64Array(largestSpectrum);
const cosines = new Float64Array(largestSpectrum / 2);
const sines = new Float64Array(largestSpectrum / 2);
for (let i = 0; i < largestSpectrum / 2; i++) {
  cosines[i] = Math.cos((2 * Math.PI * i) / largestSpectrum);
  sines[i] = Math.sin((2 * Math.PI * i) / largestSpectrum);
}

/** Shares of power by whole cycles of the window it was taken from. */
export interface Spectrum {
  /** `power[j]` is the share of the wave with j cycles in the window; they sum to 1, without the mean at 0. */
  readonly power: Float64Array;
  /** The last cycle count the steps can show: half of the window's steps. */
  readonly lastBin: number;
  /** Values the window was stretched to. */
  readonly size: number;
}

/**
 * The spectrum of the newest `cycles` cycles of `period` steps (any real number), free of the trend from the
 * first cycle's mean to the last one's, which a season cannot change. The window is stretched to a power of two, so
 * that a season of this period lies on bins of its own, the multiples of `cycles`, and leaks into no other. `into`
 * is overwritten and holds `largestSpectrum / 2 + 1` values. O(n log n).
 */
export function spectrumOf(
  values: Float64Array,
  period: number,
  cycles: number,
  into: Float64Array,
): Spectrum {
  const end = values.length;
  const length = period * cycles;
  const first = end - length;
  let size = 16;
  while (size < length && size < largestSpectrum) size *= 2;
  const stretch = length / size;
  for (let i = 0; i < size; i++) {
    // The middle of the i-th of `size` equal parts of the window.
    const place = Math.min(end - 1, Math.max(0, first + (i + 0.5) * stretch - 0.5));
    const below = Math.floor(place);
    const share = place - below;
    real[i] = (1 - share) * (values[below] ?? 0) + (share > 0 ? share * (values[below + 1] ?? 0) : 0);
  }
  removeTrend(size, size / cycles);
  transformReal(size);
  const lastBin = Math.min(size / 2, Math.floor(length / 2));
  let whole = 0;
  for (let j = 1; j <= lastBin; j++) whole += (real[j] ?? 0) ** 2 + (imaginary[j] ?? 0) ** 2;
  const scale = whole > 0 ? 1 / whole : 0;
  into[0] = 0;
  for (let j = 1; j <= lastBin; j++) into[j] = scale * ((real[j] ?? 0) ** 2 + (imaginary[j] ?? 0) ** 2);
  return { power: into, lastBin, size };
}

function removeTrend(size: number, cycleLength: number): void {
  const part = Math.max(1, Math.round(cycleLength));
  let early = 0;
  let late = 0;
  for (let i = 0; i < part; i++) {
    early += real[i] ?? 0;
    late += real[size - 1 - i] ?? 0;
  }
  const slope = size > part ? (late - early) / part / (size - part) : 0;
  const middle = (early + late) / (2 * part);
  for (let i = 0; i < size; i++) real[i] = (real[i] ?? 0) - middle - slope * (i - (size - 1) / 2);
}

/**
 * The transform of the `size` values in `real`, of which the first half, all there is of real values, is left in `real`
 * and `imaginary`: even and odd values as the two parts of half as many complex ones, which takes half the time.
 */
function transformReal(size: number): void {
  const half = size / 2;
  for (let i = 0; i < half; i++) {
    imaginary[i] = real[2 * i + 1] ?? 0;
    real[i] = real[2 * i] ?? 0;
  }
  transform(half);
  const turn = largestSpectrum / size;
  const sum = (real[0] ?? 0) + (imaginary[0] ?? 0);
  real[half] = (real[0] ?? 0) - (imaginary[0] ?? 0);
  imaginary[half] = 0;
  real[0] = sum;
  imaginary[0] = 0;
  for (let j = 1, mirror = half - 1; j <= mirror; j++, mirror--) {
    const evenX = ((real[j] ?? 0) + (real[mirror] ?? 0)) / 2;
    const evenY = ((imaginary[j] ?? 0) - (imaginary[mirror] ?? 0)) / 2;
    const oddX = ((imaginary[j] ?? 0) + (imaginary[mirror] ?? 0)) / 2;
    const oddY = ((real[mirror] ?? 0) - (real[j] ?? 0)) / 2;
    const cosine = cosines[j * turn] ?? 0;
    const sine = sines[j * turn] ?? 0;
    const turnedX = oddX * cosine + oddY * sine;
    const turnedY = oddY * cosine - oddX * sine;
    real[j] = evenX + turnedX;
    imaginary[j] = evenY + turnedY;
    real[mirror] = evenX - turnedX;
    imaginary[mirror] = turnedY - evenY;
  }
}

/** The fast Fourier transform of `real` and `imaginary`, in place (Cooley & Tukey 1965, radix 2). */
function transform(size: number): void {
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(real, i, j);
      swap(imaginary, i, j);
    }
  }
  for (let half = 1; half < size; half *= 2) {
    const turn = largestSpectrum / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const cosine = cosines[i * turn] ?? 0;
        const sine = sines[i * turn] ?? 0;
        const upper = start + i;
        const lower = upper + half;
        const x = real[lower] ?? 0;
        const y = imaginary[lower] ?? 0;
        const turnedX = x * cosine + y * sine;
        const turnedY = y * cosine - x * sine;
        real[lower] = (real[upper] ?? 0) - turnedX;
        imaginary[lower] = (imaginary[upper] ?? 0) - turnedY;
        real[upper] = (real[upper] ?? 0) + turnedX;
        imaginary[upper] = (imaginary[upper] ?? 0) + turnedY;
      }
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const swapped = values[i] ?? 0;
  values[i] = values[j] ?? 0;
  values[j] = swapped;
}
