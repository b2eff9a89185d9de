/** The margins at which the predictor of a diagonal network may end or linger: those of the stationary vertices, and where the run is. */
import { coordinateGroups, groupStationarity } from '../measures/group-stationarity';
import type { Figure } from '../protocol/report';
import type { StationaryVertices } from '../solvers/stationary-vertices';
import type { Situation } from './result';
import { inWords } from './wording';

const MOST_NAMED = 6;

/** @param p of the quasi-norm: margins are (Σ|β_j|^p)^(−1/p) at margin 1 */
export function stationaryLevels(
  { facts, data }: Situation,
  beta: Float64Array | null,
  { vertices }: StationaryVertices,
  p: number,
): readonly Figure[] {
  if (beta === null) return [];
  const margin = (objective: number): number => Math.pow(objective, -1 / p);
  const stationarity = groupStationarity(facts.signedInputs(), data.samples, beta, coordinateGroups(facts.width), p);
  const reached = stationarity === null ? null : margin(stationarity.objective);
  const levels = vertices.map(({ objective }) => margin(objective));
  const named = levels.slice(0, MOST_NAMED).map((level) => inWords(level, 4));
  const many = vertices.length === 1 ? '1 vertex is stationary, with margin' : `${vertices.length} vertices are stationary, with margins`;
  return [
    {
      kind: 'chart',
      id: 'stationary-vertices',
      title: 'Margins of the stationary vertices',
      says: `${many} ${named.join(', ')}${vertices.length > MOST_NAMED ? ' …' : ''}; ${
        reached === null ? 'the run has no positive margin' : `the run reached ${inWords(reached, 4)}`
      }.`,
      x: { label: 'stationary vertex, by margin', scale: 'linear' },
      y: { label: p === 1 ? 'ℓ1 margin' : `margin in the ℓp quasi-norm, p = ${inWords(p)}`, scale: 'linear' },
      series: [
        { name: 'stationary vertices', style: 'points', x: levels.map((_, k) => k + 1), y: levels },
        ...(reached === null
          ? []
          : [{ name: 'reached', style: 'line' as const, x: [1, Math.max(2, vertices.length)], y: [reached, reached] }]),
      ],
    },
  ];
}
