/** Singular values of the weight matrices of a network, at the start and as they are now. */
import { svd } from '../numerics/svd';
import type { Figure } from '../protocol/report';
import type { Situation, Trained } from '../theory/result';
import { spectraChart, type NamedSpectrum } from '../theory/spectra-chart';
import { inWords } from '../theory/wording';

/** A decomposition takes rows × columns × the smaller of them. Beyond this in all, the start is left out first, then the figure. */
const LARGEST = 2e6;
/** More layers have no room in the legend for their start. */
const MOST_WITH_START = 2;

/** Empty for models without hidden layers, and for layers that are too large. */
export function layerFigure({ experiment, model, start }: Situation, { parameters }: Trained): readonly Figure[] {
  if (experiment.model.kind !== 'network' && experiment.model.kind !== 'linear-network') return [];
  const layers = model.blocks.filter(({ rows, columns }) => Math.min(rows, columns) > 1);
  const work = layers.reduce((sum, { rows, columns }) => sum + rows * columns * Math.min(rows, columns), 0);
  if (layers.length === 0 || work > LARGEST) return [];
  const spectraOf = (theta: Float64Array, when: string): readonly NamedSpectrum[] =>
    layers.map(({ name, rows, columns, offset }) => ({
      name: `${name}${when}`,
      s: svd(theta.subarray(offset, offset + rows * columns), rows, columns).s,
    }));
  const spectra = spectraOf(parameters, '');
  if (!spectra.every(isSpectrum)) return [];
  const before = layers.length > MOST_WITH_START || 2 * work > LARGEST ? [] : spectraOf(start, ' at the start').filter(isSpectrum);
  const chart = spectraChart([...spectra, ...before]);
  if (chart === null) return [];
  return [
    {
      kind: 'chart',
      id: 'layer-spectra',
      title: 'Singular values of the layers',
      says: `Ratio of the second singular value to the first: ${spectra.map(({ name, s }) => `${name} ${inWords(s[1] / s[0])}`).join(', ')}.`,
      ...chart,
    },
  ];
}

function isSpectrum({ s }: NamedSpectrum): boolean {
  return s[0] > 0 && Array.from(s).every(Number.isFinite);
}
