/** How singular values of several matrices are drawn: low rank shows as a cliff. */
import type { Figure } from '../protocol/report';

export interface NamedSpectrum {
  readonly name: string;
  /** Falling, the first above 0. */
  readonly s: ArrayLike<number>;
}

/** Up to so many values a matrix are bars from zero; points on a logarithmic axis would leave the picture as good as empty. */
const BARS = 3;

/** What is drawn of a chart of σ_k/σ₁; null where no matrix has a second value. */
export function spectraChart(
  spectra: readonly NamedSpectrum[],
): Pick<Extract<Figure, { readonly kind: 'chart' }>, 'x' | 'y' | 'series'> | null {
  const longest = Math.max(0, ...spectra.map(({ s }) => s.length));
  if (longest < 2) return null;
  const few = longest <= BARS;
  return {
    x: { label: 'index k of the singular value', scale: 'linear' },
    y: { label: 'σ_k / σ₁', scale: few ? 'linear' : 'log' },
    series: spectra.map(({ name, s }) => ({
      name,
      style: few ? 'bars' : 'points',
      x: Array.from(s, (_, k) => k + 1),
      y: Array.from(s, (value) => value / s[0]),
    })),
  };
}
