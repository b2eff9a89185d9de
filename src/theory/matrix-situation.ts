/** What the results about products of matrices ask of an experiment, and the pictures they share. */
import type { Dataset } from '../data/dataset';
import type { Experiment } from '../experiment/schema';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { svd } from '../numerics/svd';
import { randomStream } from '../numerics/random';
import type { Condition, Figure, Reference } from '../protocol/report';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

export type MatrixModel = Extract<Experiment['model'], { kind: 'matrix-factorization' }>;

/** The model where the experiment is a square loss on a product of matrices, else null. */
export function matrixModel({ model, loss }: Experiment): MatrixModel | null {
  return model.kind === 'matrix-factorization' && loss.kind === 'square' ? model : null;
}

export function flowCondition({ optimizer }: Experiment): Condition {
  return condition(
    'gradient flow',
    optimizer.kind === 'gradient-flow',
    optimizer.kind === 'gradient-flow' ? 'gradient flow' : `${optimizer.kind}: finite steps leave the path of the flow by O(η)`,
  );
}

/** α where every block of the start is α·I and square, else null. */
export function identityScale({ start, model }: Situation): number | null {
  const alpha = start[0];
  if (!(alpha > 0)) return null;
  for (const { rows, columns, offset } of model.blocks) {
    if (rows !== columns) return null;
    for (let k = 0; k < rows * columns; k++) {
      if (start[offset + k] !== (k % (columns + 1) === 0 ? alpha : 0)) return null;
    }
  }
  return alpha;
}

/** A_i, or its symmetric part, rows × columns. */
export function measurement(data: Dataset, i: number, symmetric: boolean): Float64Array {
  const { rows, columns, observed } = data.matrix ?? { rows: 1, columns: data.features, observed: null };
  const a = new Float64Array(rows * columns);
  if (observed !== null) a[observed[i]] = 1;
  else a.set(data.x.subarray(i * data.features, (i + 1) * data.features));
  if (!symmetric || rows !== columns) return a;
  return a.map((value, k) => 0.5 * (value + a[(k % columns) * columns + Math.floor(k / columns)]));
}

/** Σ c_i A_i; symmetric: its symmetric part. */
export function combination(data: Dataset, c: Float64Array, symmetric: boolean): Float64Array {
  const { columns, observed } = data.matrix ?? { columns: data.features, observed: null };
  const out = new Float64Array(data.features);
  for (let i = 0; i < data.samples; i++) {
    if (observed !== null) out[observed[i]] += c[i];
    else for (let k = 0; k < data.features; k++) out[k] += c[i] * data.x[i * data.features + k];
  }
  return symmetric ? out.map((value, k) => 0.5 * (value + out[(k % columns) * columns + Math.floor(k / columns)])) : out;
}

export interface CommonBasis {
  /** n × n, rows are the common eigenvectors. */
  readonly vectors: Float64Array;
  /** samples × n: eigenvalues of A_i in their order. */
  readonly weights: Float64Array;
  /** Largest part of an A_i, relative to its norm, that is not diagonal in the basis: 0 where all commute. */
  readonly defect: number;
}

/** Numbers beyond which commutation is not examined. */
const MOST_NUMBERS = 5e6;

/**
 * The eigenvectors of a random combination of the A_i: a common basis where one exists, because a generic combination has equal
 * eigenvalues only where all A_i have. Null where the A_i are not symmetric, or too large to examine.
 */
export function commonBasis(data: Dataset, symmetric: boolean): CommonBasis | 'not-symmetric' | 'too-large' {
  const { rows: n, columns } = data.matrix ?? { rows: 0, columns: 1 };
  if (n !== columns) return 'not-symmetric';
  if (data.samples * n * n > MOST_NUMBERS) return 'too-large';
  const random = randomStream(1, 'combination');
  const total = new Float64Array(n * n);
  const matrices = Array.from({ length: data.samples }, (_, i) => measurement(data, i, symmetric));
  for (const a of matrices) {
    const size = Math.hypot(...a) || 1;
    const weight = random.gaussian() / size;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (Math.abs(a[i * n + j] - a[j * n + i]) > 1e-12 * size) return 'not-symmetric';
        total[i * n + j] += weight * a[i * n + j];
      }
    }
  }
  const { vectors } = symmetricEigen(total, n);
  const weights = new Float64Array(data.samples * n);
  let defect = 0;
  const image = new Float64Array(n);
  matrices.forEach((a, s) => {
    const size = Math.hypot(...a) || 1;
    let off = 0;
    for (let k = 0; k < n; k++) {
      const v = vectors.subarray(k * n, (k + 1) * n);
      let rayleigh = 0;
      for (let i = 0; i < n; i++) {
        image[i] = 0;
        for (let j = 0; j < n; j++) image[i] += a[i * n + j] * v[j];
        rayleigh += image[i] * v[i];
      }
      weights[s * n + k] = rayleigh;
      for (let i = 0; i < n; i++) off += (image[i] - rayleigh * v[i]) ** 2;
    }
    defect = Math.max(defect, Math.sqrt(off) / size);
  });
  return { vectors, weights, defect };
}

/** Pictures of matrices larger than this would not be seen. */
const LARGEST_PICTURE = 128;

/** W, what of it was observed, the references, and all their singular values. */
export function matrixFigures({ data }: Situation, trained: Trained, references: readonly (Reference | null)[]): readonly Figure[] {
  const { matrix } = data;
  if (matrix === undefined || trained.predictor === null) return [];
  const { rows, columns, observed } = matrix;
  const shown = references.flatMap((reference) =>
    reference?.predictor == null ? [] : [{ id: reference.id, title: reference.title, values: Float64Array.from(reference.predictor) }],
  );
  const matrices = [{ id: 'trained', title: 'Trained matrix', values: trained.predictor }, ...shown];
  const axes = { x: { label: 'column', scale: 'linear' as const }, y: { label: 'row', scale: 'linear' as const } };
  const maps: Figure[] = matrices.map(({ id, title, values }) => ({
    kind: 'heat-map',
    id: `matrix-${id}`,
    title,
    says: `Entries from ${inWords(Math.min(...values))} to ${inWords(Math.max(...values))}.`,
    ...axes,
    rows,
    columns,
    values: Array.from(values),
    label: 'entry of W',
  }));
  if (observed !== null) {
    const known = new Array<number>(rows * columns).fill(Number.NaN);
    observed.forEach((place, i) => (known[place] = data.y[i]));
    maps.splice(1, 0, {
      kind: 'heat-map',
      id: 'matrix-observed',
      title: 'Observed entries',
      says: `${observed.length} of ${rows * columns} entries are observed.`,
      ...axes,
      rows,
      columns,
      values: known,
      label: 'observed entry',
    });
  }
  const spectra = matrices.map(({ title, values }) => ({ title, s: svd(values, rows, columns).s }));
  const bars: Figure = {
    kind: 'chart',
    id: 'singular-values',
    title: 'Singular values at the end',
    says: spectra
      .map(
        ({ title, s }) =>
          `${title}: ${Array.from(s.subarray(0, 4), (value) => inWords(value)).join(', ')}${s.length > 4 ? ` and ${s.length - 4} more` : ''}.`,
      )
      .join(' '),
    x: { label: 'index', scale: 'linear' },
    y: { label: 'singular value', scale: 'linear' },
    series: spectra.map(({ title, s }) => ({ name: title, style: 'bars', x: Array.from(s, (_, k) => k + 1), y: Array.from(s) })),
  };
  return Math.max(rows, columns) <= LARGEST_PICTURE ? [...maps, bars] : [bars];
}
