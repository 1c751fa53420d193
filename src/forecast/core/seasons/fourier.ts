export type Fourier = ReturnType<typeof createFourier>;

/** The discrete Fourier transform of at most `largest` real values, a power of two, in working memory of its own. */
export function createFourier(largest: number) {
  const real = new Float64Array(largest);
  const imaginary = new Float64Array(largest);
  const { cosines, sines } = turnsOf(largest);

  /** The fast Fourier transform of `size` complex values, in place (Cooley & Tukey 1965, radix 2). */
  function transform(size: number): void {
    reverseBits(real, imaginary, size);
    for (let half = 1; half < size; half *= 2) {
      const turn = largest / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let i = 0; i < half; i++) {
          const cosine = cosines[i * turn]!;
          const sine = sines[i * turn]!;
          const upper = start + i;
          const lower = upper + half;
          const x = real[lower]!;
          const y = imaginary[lower]!;
          const turnedX = x * cosine + y * sine;
          const turnedY = y * cosine - x * sine;
          real[lower] = real[upper]! - turnedX;
          imaginary[lower] = imaginary[upper]! - turnedY;
          real[upper] = real[upper]! + turnedX;
          imaginary[upper] = imaginary[upper]! + turnedY;
        }
      }
    }
  }

  return {
    /** Values to transform; afterwards the real parts of the first half of the transform, which is all there is. */
    real,
    /** Afterwards the imaginary parts. */
    imaginary,
    /** Transforms the first `size` values of `real` in place; `size` is a power of two, at most the largest. O(n log n). */
    transformReal(size: number): void {
      if (size > largest)
        throw new RangeError(`a transform of ${size} values is too large, at most ${largest}`);
      // Even and odd values are taken as the two parts of half as many complex ones, which halves the time.
      const half = size / 2;
      for (let i = 0; i < half; i++) {
        imaginary[i] = real[2 * i + 1]!;
        real[i] = real[2 * i]!;
      }
      transform(half);
      const turn = largest / size;
      const sum = real[0]! + imaginary[0]!;
      real[half] = real[0]! - imaginary[0]!;
      imaginary[half] = 0;
      real[0] = sum;
      imaginary[0] = 0;
      for (let j = 1, mirror = half - 1; j <= mirror; j++, mirror--) {
        const evenX = (real[j]! + real[mirror]!) / 2;
        const evenY = (imaginary[j]! - imaginary[mirror]!) / 2;
        const oddX = (imaginary[j]! + imaginary[mirror]!) / 2;
        const oddY = (real[mirror]! - real[j]!) / 2;
        const cosine = cosines[j * turn]!;
        const sine = sines[j * turn]!;
        const turnedX = oddX * cosine + oddY * sine;
        const turnedY = oddY * cosine - oddX * sine;
        real[j] = evenX + turnedX;
        imaginary[j] = evenY + turnedY;
        real[mirror] = evenX - turnedX;
        imaginary[mirror] = turnedY - evenY;
      }
    },
  };
}

/** Cosine and sine of each whole part of a turn; half a turn is enough. */
function turnsOf(parts: number) {
  const angles = Float64Array.from({ length: parts / 2 }, (_, i) => (2 * Math.PI * i) / parts);
  return { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
}

/** Puts each value where the bits of its index are read backwards, as the transform in place needs them. */
function reverseBits(real: Float64Array, imaginary: Float64Array, size: number): void {
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      swap(real, i, j);
      swap(imaginary, i, j);
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const swapped = values[i]!;
  values[i] = values[j]!;
  values[j] = swapped;
}
