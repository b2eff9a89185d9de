/** What the results on circular convolutional networks need of the unitary discrete Fourier transform of predictor and data. */
import type { Group } from '../measures/group-stationarity';
import { matVec } from '../numerics/dense';
import { amplitudes, realFourier, type RealFourier } from '../numerics/real-fourier';
import type { Figure } from '../protocol/report';
import type { Situation } from './result';
import { inWords } from './wording';

export interface Spectrum {
  readonly fourier: RealFourier;
  /** Rows z_i in the real Fourier coordinates. */
  readonly z: Float64Array;
  /** Real Fourier coordinates of a predictor. */
  transform(beta: Float64Array): Float64Array;
  /** The predictor of coordinates. */
  invert(coordinates: Float64Array): Float64Array;
}

export function spectrumOf({ facts, data }: Situation): Spectrum {
  const size = facts.width;
  const fourier = realFourier(size);
  const transform = (beta: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    matVec(fourier.basis, size, size, beta, out);
    return out;
  };
  const signed = facts.signedInputs();
  const z = new Float64Array(signed.length);
  for (let i = 0; i < data.samples; i++) z.set(transform(signed.subarray(i * size, (i + 1) * size)), i * size);
  return {
    fourier,
    z,
    transform,
    invert: (coordinates) => {
      const out = new Float64Array(size);
      for (let row = 0; row < size; row++) for (let k = 0; k < size; k++) out[k] += coordinates[row] * fourier.basis[row * size + k];
      return out;
    },
  };
}

/**
 * Groups and weights with Σ_d |β̂_d|^p = Σ_g C_g ‖β_g‖^p: a pair of conjugate frequencies has twice (‖β_g‖/√2)^p.
 */
export function frequencyGroups({ frequencies }: RealFourier, p: number): readonly Group[] {
  return frequencies.map((indices) => ({ indices, weight: Math.pow(indices.length, 1 - p / 2) }));
}

/** |β̂_d| of the trained predictor at margin 1 beside that of the predicted one, as bars. */
export function spectrumFigure(
  { fourier, z, transform }: Spectrum,
  samples: number,
  trained: Float64Array,
  predicted: Float64Array | null,
): Figure {
  const size = fourier.size;
  const at = Array.from({ length: size }, (_, d) => d);
  const coordinates = transform(trained);
  const margins = new Float64Array(samples);
  matVec(z, samples, size, coordinates, margins);
  const smallest = margins.reduce((least, q) => Math.min(least, q), Infinity);
  const reached = amplitudes(
    fourier,
    coordinates.map((value) => value / smallest),
  );
  const largest = Math.max(...reached);
  const live = at.filter((d) => reached[d] > 1e-3 * largest);
  return {
    kind: 'chart',
    id: 'spectrum',
    title: 'Spectrum of the predictor at margin 1',
    says:
      `${live.length} of ${size} frequencies ${live.length === 1 ? 'is' : 'are'} in use (above a per mille of the largest): ` +
      `${live
        .slice(0, 12)
        .map((d) => `|β̂_${d}| = ${inWords(reached[d])}`)
        .join(', ')}${live.length > 12 ? ' …' : ''}.`,
    x: { label: 'frequency d', scale: 'linear' },
    y: { label: '|β̂_d|, unitary transform', scale: 'linear' },
    series: [
      { name: 'trained', style: 'bars', x: at, y: Array.from(reached) },
      ...(predicted === null
        ? []
        : [{ name: 'predicted', style: 'points' as const, x: at, y: Array.from(amplitudes(fourier, transform(predicted))) }]),
    ],
  };
}
