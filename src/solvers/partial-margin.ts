/**
 * Largest margin where only a part of the weights has a price: min ½‖w‖² subject to Zw + Qm ≥ 1, m free.
 * Its dual is max Σλ − ½‖Zᵀλ‖² over λ ≥ 0 with Qᵀλ = 0.
 *
 * A small price ε²‖m‖² makes it a hard-margin problem (`max-margin.ts`), which names the active constraints; on them the optimality
 * conditions of the problem itself are solved exactly. The certificate is computed from (w, m, λ) alone: the relative duality gap
 * plus |mᵀQᵀλ|/P, by which weak duality can fail for m of that size because Qᵀλ is 0 to rounding only.
 */
import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { minimumNormLeastSquares } from '../numerics/least-squares';
import { dot, norm2 } from '../numerics/vectors';
import type { Certificate } from '../protocol/report';
import { maxMargin } from './max-margin';
import { SolverError } from './reference-problem';

export interface PartialMargin {
  /** w; zero where m alone separates. */
  readonly point: Float64Array;
  /** m with Zw + Qm ≥ 1. */
  readonly free: Float64Array;
  readonly multipliers: Float64Array;
  /** ‖w‖. */
  readonly objective: number;
  readonly certificate: Certificate;
}

const PROBLEM = 'partial-margin';
/** ε: its square is lost beside the prices, and the active set is found far above rounding. */
const PRICE = 1e-3;
/** A multiplier below this times the largest is none. */
const INACTIVE = 1e-9;

/**
 * @param z samples × priced; q samples × unpriced, row-major
 * @throws SolverError "infeasible" where nothing separates, "no-convergence" where the active set was not found
 */
export function partialMargin(z: Float64Array, q: Float64Array, samples: number, priced: number, unpriced: number): PartialMargin {
  const alone = maxMargin(q, samples, unpriced);
  if (alone.separable) {
    const { certificate } = alone.answer;
    return {
      point: new Float64Array(priced),
      free: alone.answer.point,
      multipliers: new Float64Array(samples),
      objective: 0,
      certificate: { ...certificate, says: `the part without a price separates by itself: ${certificate.says}` },
    };
  }
  const width = priced + unpriced;
  const rows = new Float64Array(samples * width);
  for (let i = 0; i < samples; i++) {
    rows.set(z.subarray(i * priced, (i + 1) * priced), i * width);
    for (let j = 0; j < unpriced; j++) rows[i * width + priced + j] = q[i * unpriced + j] / PRICE;
  }
  const first = maxMargin(rows, samples, width);
  if (!first.separable) throw new SolverError(PROBLEM, 'infeasible', 'no combination of the two parts separates the samples');
  const largest = first.answer.multipliers.reduce((most, value) => Math.max(most, value), 0);
  const active = Array.from(first.answer.multipliers.keys()).filter((i) => first.answer.multipliers[i] > INACTIVE * largest);
  return certified(z, q, samples, priced, unpriced, onActive(z, q, priced, unpriced, active));
}

interface Solution {
  readonly w: Float64Array;
  readonly m: Float64Array;
  readonly active: readonly number[];
  readonly lambda: Float64Array;
}

/** w = Z_Aᵀλ, Q_Aᵀλ = 0, Z_A w + Q_A m = 1, the shortest solution. */
function onActive(z: Float64Array, q: Float64Array, priced: number, unpriced: number, active: readonly number[]): Solution {
  const a = active.length;
  const size = unpriced + a;
  const matrix = new Float64Array(size * size);
  const rhs = new Float64Array(size).fill(1, unpriced);
  active.forEach((i, k) => {
    for (let j = 0; j < unpriced; j++) {
      matrix[j * size + unpriced + k] = q[i * unpriced + j];
      matrix[(unpriced + k) * size + j] = q[i * unpriced + j];
    }
    active.forEach((other, l) => {
      matrix[(unpriced + k) * size + unpriced + l] = dot(
        z.subarray(i * priced, (i + 1) * priced),
        z.subarray(other * priced, (other + 1) * priced),
      );
    });
  });
  const { x } = minimumNormLeastSquares(matrix, size, size, rhs);
  const lambda = x.slice(unpriced);
  const w = new Float64Array(priced);
  active.forEach((i, k) => {
    for (let j = 0; j < priced; j++) w[j] += lambda[k] * z[i * priced + j];
  });
  return { w, m: x.slice(0, unpriced), active, lambda };
}

function certified(z: Float64Array, q: Float64Array, samples: number, priced: number, unpriced: number, found: Solution): PartialMargin {
  const margins = new Float64Array(samples);
  const freeMargins = new Float64Array(samples);
  matVec(z, samples, priced, found.w, margins);
  matVec(q, samples, unpriced, found.m, freeMargins);
  const smallest = margins.reduce((least, value, i) => Math.min(least, value + freeMargins[i]), Infinity);
  if (!(smallest > 0)) throw new SolverError(PROBLEM, 'no-convergence', 'the active samples do not determine a separating combination');
  const point = found.w.map((value) => value / smallest);
  const free = found.m.map((value) => value / smallest);
  const multipliers = new Float64Array(samples);
  found.active.forEach((i, k) => (multipliers[i] = Math.max(0, found.lambda[k])));
  const [back, freeBack] = [new Float64Array(priced), new Float64Array(unpriced)];
  matTVec(z, samples, priced, multipliers, back);
  matTVec(q, samples, unpriced, multipliers, freeBack);
  const primal = 0.5 * dot(point, point);
  const dual = multipliers.reduce((sum, value) => sum + value, 0) - 0.5 * dot(back, back);
  const value = Math.max(0, primal - dual) / primal + Math.abs(dot(free, freeBack)) / primal;
  return {
    point,
    free,
    multipliers,
    objective: norm2(point),
    certificate: {
      kind: 'duality-gap',
      value,
      says:
        `the priced part has norm ${norm2(point).toPrecision(9)}, the dual bound is ${Math.sqrt(2 * Math.max(0, dual)).toPrecision(9)} from ` +
        `${multipliers.filter((weight) => weight > 0).length} samples: relative duality gap ${inWords(value, 2)}`,
    },
  };
}
