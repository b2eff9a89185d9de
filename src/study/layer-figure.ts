/** Singular values of the weight matrices of a network: low rank shows as a cliff. */
import { svd } from '../numerics/svd';
import type { Figure } from '../protocol/report';
import type { Situation, Trained } from '../theory/result';
import { inWords } from '../theory/wording';

/** A decomposition takes rows × columns × the smaller of them; larger ones are left out. */
const LARGEST = 2e6;

/** Empty for models without hidden layers, and for layers that are too large. */
export function layerFigure({ experiment, model }: Situation, { parameters }: Trained): readonly Figure[] {
  if (experiment.model.kind !== 'network' && experiment.model.kind !== 'linear-network') return [];
  const layers = model.blocks.filter(({ rows, columns }) => Math.min(rows, columns) > 1);
  const work = layers.reduce((sum, { rows, columns }) => sum + rows * columns * Math.min(rows, columns), 0);
  if (layers.length === 0 || work > LARGEST) return [];
  const spectra = layers.map(({ name, rows, columns, offset }) => ({
    name,
    s: Array.from(svd(parameters.subarray(offset, offset + rows * columns), rows, columns).s),
  }));
  if (!spectra.every(({ s }) => s[0] > 0 && s.every(Number.isFinite))) return [];
  return [
    {
      kind: 'chart',
      id: 'layer-spectra',
      title: 'Singular values of the layers',
      says: `Ratio of the second singular value to the first: ${spectra.map(({ name, s }) => `${name} ${inWords(s[1] / s[0])}`).join(', ')}.`,
      x: { label: 'index k of the singular value', scale: 'linear' },
      y: { label: 'σ_k / σ₁', scale: 'log' },
      series: spectra.map(({ name, s }) => ({
        name,
        style: 'points',
        x: s.map((_, k) => k + 1),
        y: s.map((value) => value / s[0]),
      })),
    },
  ];
}
