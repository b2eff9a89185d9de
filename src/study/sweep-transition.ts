/**
 * Where the solutions of a sweep go over from the ℓ1 to the ℓ2 end: for every row of a grid the place on its logarithmic axis at which a solution
 * is as far from the one as from the other. What theory foresees is the same of the predicted solutions, which are solved without training.
 */
import { inWords } from '../numerics/in-words';
import type { Figure } from '../protocol/report';
import type { SweepAxis, SweepCell } from '../protocol/sweep';

/** Distances to the ℓ1 and to the ℓ2 solution; NaN where there is none. */
type Distances = (cell: SweepCell) => readonly [toL1: number, toL2: number];

const measured: Distances = ({ measures }) => [
  measures['distanceToL1']?.median ?? Number.NaN,
  measures['distanceToL2']?.median ?? Number.NaN,
];
const foreseen: Distances = ({ expected }) => [expected['distanceToL1'] ?? Number.NaN, expected['distanceToL2'] ?? Number.NaN];

/** The first place at which ln(d₁/d₂) changes its sign, linear in between in the logarithm of the axis; NaN where it never does. */
export function crossing(values: readonly number[], distances: readonly (readonly [number, number])[]): number {
  const height = distances.map(([toL1, toL2]) => Math.log(toL1 / toL2));
  for (let k = 1; k < values.length; k++) {
    const [before, after] = [height[k - 1], height[k]];
    if (!(Number.isFinite(before) && Number.isFinite(after)) || before * after > 0 || before === after) continue;
    return values[k - 1] * Math.pow(values[k] / values[k - 1], before / (before - after));
  }
  return Number.NaN;
}

/**
 * @param cells of the grid of the two axes, row by row
 * @returns null where the columns are no logarithmic axis, or the runs know no distances
 */
export function transitionFigure(
  rows: SweepAxis,
  columns: SweepAxis,
  cells: readonly SweepCell[],
  nameOf: (path: string) => string,
  id: string,
): Figure | null {
  const scales = columns.values.filter((value): value is number => typeof value === 'number' && value > 0);
  if (columns.scale !== 'log' || scales.length !== columns.values.length || scales.length < 2) return null;
  const along = (distances: Distances): readonly number[] =>
    rows.values.map((_, row) => crossing(scales, cells.slice(row * scales.length, (row + 1) * scales.length).map(distances)));
  const [found, theory] = [along(measured), along(foreseen)];
  if (found.every(Number.isNaN)) return null;
  const numeric = rows.values.every((value) => typeof value === 'number');
  const x = rows.values.map((value, row) => (numeric ? (value as number) : row + 1));
  const far = found.reduce((most, value, row) => {
    const ratio = Math.abs(Math.log(value / theory[row]));
    return ratio > most ? ratio : most;
  }, 0);
  const range = (values: readonly number[]): string => {
    const known = values.filter((value) => !Number.isNaN(value));
    return `${inWords(Math.min(...known))} … ${inWords(Math.max(...known))}`;
  };
  const theories = theory.some((value) => !Number.isNaN(value));
  return {
    kind: 'chart',
    id,
    title: `Where ℓ1 goes over into ℓ2: ${nameOf(columns.path)} over ${nameOf(rows.path)}`,
    says:
      `As far from the ℓ1 as from the ℓ2 solution at ${nameOf(columns.path)} ${range(found)}.` +
      (theories ? ` The predicted solutions foresee ${range(theory)}, at most ${inWords(100 * Math.expm1(far), 2)} % away.` : ''),
    x: { label: numeric ? nameOf(rows.path) : `${nameOf(rows.path)}, in the order of the sweep`, scale: rows.scale },
    y: { label: nameOf(columns.path), scale: 'log' },
    series: [
      ...(theories ? [{ name: 'predicted', style: 'line' as const, x, y: theory }] : []),
      { name: 'measured', style: 'points' as const, x, y: found },
    ],
  };
}
