/**
 * What the exact flow of a layered model conserves between neighbouring layers, because one can grow as the other shrinks without a change
 * of the function (Du, Hu and Lee 2018, for linear layers and for ReLU units):
 *
 *     linear layers      W_{k+1}ᵀW_{k+1} − W_kW_kᵀ
 *     units σ(cz) = c^pσ(z), each by itself    ‖incoming weights and bias‖² − p ‖outgoing weights‖²
 *     untied diagonal    w_l² − w_1², coordinate by coordinate
 *     circular convolutions    |ŵ_l|² − |ŵ_1|², frequency by frequency
 *
 * The last two are the same law: β = w_1 ∘ … ∘ w_D gives ½ d(w_l²)/dt = β ∘ r for every l, also with ŵ for w. For the units:
 * ⟨w, ∂f/∂w⟩ = v zσ′(z) = p vσ(z) = p ⟨v, ∂f/∂v⟩. A tied diagonal network has an invariant of another kind (`invariants.ts`).
 */
import type { Model } from '../models/model';
import { matVec } from '../numerics/dense';
import { amplitudes, realFourier } from '../numerics/real-fourier';

export interface Conservation {
  /** In words, with symbols. */
  readonly law: string;
  /** Whether the law holds; false where it is measured all the same to show that it does not. */
  readonly holds: boolean;
  /** Why it does not. */
  readonly because: string;
  /** What is conserved, one vector for every pair of layers. */
  of(theta: Float64Array): readonly Float64Array[];
}

const known = new WeakMap<Model, Conservation | null>();

/** Null for models without neighbouring layers. */
export function conservationOf(model: Model): Conservation | null {
  let found = known.get(model);
  if (found === undefined) known.set(model, (found = create(model)));
  return found;
}

/**
 * Largest change since the start of what `conservationOf` says is conserved, over the pairs of layers, against ‖θ‖², the size of what is
 * subtracted: the exact flow keeps it at 0. NaN for models without neighbouring layers.
 */
export function balanceDrift(model: Model, theta: Float64Array, start: Float64Array): number {
  const conservation = conservationOf(model);
  if (conservation === null) return Number.NaN;
  const before = conservation.of(start);
  let largest = 0;
  conservation.of(theta).forEach((now, k) => {
    let sum = 0;
    for (let i = 0; i < now.length; i++) sum += (now[i] - before[k][i]) ** 2;
    largest = Math.max(largest, Math.sqrt(sum));
  });
  let size = 0;
  for (const value of theta) size += value * value;
  return largest / size;
}

function create(model: Model): Conservation | null {
  const { kind, blocks } = model;
  const proved = { holds: true, because: '' };
  const pairs = Array.from({ length: blocks.length - 1 }, (_, k) => k);
  if (kind === 'linear-network' || kind === 'matrix-factorization') {
    if (pairs.length === 0) return null;
    return { ...proved, law: 'Wₖ₊₁ᵀWₖ₊₁ − WₖWₖᵀ', of: (theta) => pairs.map((k) => layerBalance(model, k, theta)) };
  }
  if (kind === 'diagonal-untied') {
    const layer = (theta: Float64Array, l: number): Float64Array => theta.subarray(blocks[l].offset, blocks[l].offset + blocks[l].columns);
    return {
      ...proved,
      law: 'wₗ² − w₁², by coordinate',
      of: (theta) => pairs.map((k) => layer(theta, k + 1).map((value, j) => value * value - layer(theta, 0)[j] ** 2)),
    };
  }
  if (kind === 'linear-convolution') {
    const fourier = realFourier(model.features);
    const coordinates = new Float64Array(model.features);
    const power = (theta: Float64Array, l: number): Float64Array => {
      matVec(
        fourier.basis,
        fourier.size,
        fourier.size,
        theta.subarray(blocks[l].offset, blocks[l].offset + blocks[l].columns),
        coordinates,
      );
      return amplitudes(fourier, coordinates).map((amplitude) => amplitude * amplitude);
    };
    return {
      ...proved,
      law: '|ŵₗ|² − |ŵ₁|², by frequency',
      of: (theta) => {
        const first = power(theta, 0);
        return pairs.map((k) => power(theta, k + 1).map((value, j) => value - first[j]));
      },
    };
  }
  return model.units === undefined ? null : unitConservation(model, model.units);
}

function unitConservation(model: Model, { degree, residual }: NonNullable<Model['units']>): Conservation | null {
  const weights = model.blocks.filter(({ name }) => name.startsWith('W'));
  if (weights.length < 2) return null;
  const p = degree ?? 1;
  const because = residual ? 'there are residual connections' : degree === null ? 'the activation is not homogeneous' : '';
  return {
    law: `‖incoming weights and bias‖² − ${p === 1 ? '' : `${p} `}‖outgoing weights‖², by unit`,
    holds: because === '',
    because,
    of: (theta) => weights.slice(1).map((upper, k) => unitBalance(model, weights[k], upper, p, theta)),
  };
}

/** W_{k+1}ᵀW_{k+1} − W_kW_kᵀ for neighbouring blocks. */
function layerBalance({ blocks }: Model, k: number, theta: Float64Array): Float64Array {
  const lower = blocks[k];
  const upper = blocks[k + 1];
  const width = lower.rows;
  const out = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let i = 0; i < upper.rows; i++) sum += theta[upper.offset + i * width + a] * theta[upper.offset + i * width + b];
      for (let j = 0; j < lower.columns; j++)
        sum -= theta[lower.offset + a * lower.columns + j] * theta[lower.offset + b * lower.columns + j];
      out[a * width + b] = sum;
    }
  }
  return out;
}

type Block = Model['blocks'][number];

/** ‖w_j‖² + b_j² − p ‖v_j‖² for every unit j between two layers. */
function unitBalance({ blocks }: Model, lower: Block, upper: Block, p: number, theta: Float64Array): Float64Array {
  const bias = blocks.find(({ name }) => name === `b${lower.name.slice(1)}`);
  return Float64Array.from({ length: lower.rows }, (_, unit) => {
    let sum = bias === undefined ? 0 : theta[bias.offset + unit] ** 2;
    for (let j = 0; j < lower.columns; j++) sum += theta[lower.offset + unit * lower.columns + j] ** 2;
    for (let i = 0; i < upper.rows; i++) sum -= p * theta[upper.offset + i * upper.columns + unit] ** 2;
    return sum;
  });
}
