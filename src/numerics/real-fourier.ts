/**
 * The unitary discrete Fourier transform of a real signal, β̂_d = D^(−1/2) Σ_k β_k e^(−2πi dk/D), in an orthonormal real basis: one coordinate for
 * d = 0 and, for even D, for d = D/2; a cosine and a sine for each other pair of conjugate frequencies d, D − d. Any length D; by the
 * definition, so in D² products.
 */
export interface RealFourier {
  readonly size: number;
  /** Orthonormal rows, size × size, row-major: coordinates are basis · β. */
  readonly basis: Float64Array;
  /** The coordinates that make up one frequency 0 ≤ d ≤ D/2: one, or cosine and sine. */
  readonly frequencies: readonly (readonly number[])[];
}

export function realFourier(size: number): RealFourier {
  const basis = new Float64Array(size * size);
  const frequencies: (readonly number[])[] = [];
  let row = 0;
  const fill = (d: number, wave: (angle: number) => number, scale: number): number => {
    // The angle is reduced by exact integers first.
    for (let k = 0; k < size; k++) basis[row * size + k] = scale * wave((2 * Math.PI * ((d * k) % size)) / size);
    return row++;
  };
  for (let d = 0; 2 * d <= size; d++) {
    const alone = d === 0 || 2 * d === size;
    const scale = Math.sqrt((alone ? 1 : 2) / size);
    frequencies.push(alone ? [fill(d, Math.cos, scale)] : [fill(d, Math.cos, scale), fill(d, Math.sin, scale)]);
  }
  return { size, basis, frequencies };
}

/** |β̂_d| for d = 0 … D − 1 from the real coordinates. */
export function amplitudes({ size, frequencies }: RealFourier, coordinates: Float64Array): Float64Array {
  const out = new Float64Array(size);
  frequencies.forEach((indices, d) => {
    // A pair of conjugate frequencies shares the length of (cosine, sine): each has 1/√2 of it.
    const length = Math.hypot(...indices.map((j) => coordinates[j])) / Math.sqrt(indices.length);
    out[d] = length;
    if (indices.length === 2) out[size - d] = length;
  });
  return out;
}
