/**
 * Margin bounds on the test error, with their constants.
 *
 * For functions f of a class H with |f(x)| ≤ r, n independent samples and δ in (0, 1), with probability 1 − δ, for all f in H and all ρ in (0, r]:
 *     P(y f(x) ≤ 0) ≤ #{i : yᵢf(xᵢ) ≤ ρ}/n + (4/ρ) R̂(H) + √(ln log₂(2r/ρ)/n) + 3 √(ln(4/δ)/(2n))
 * (M. Mohri, A. Rostamizadeh, A. Talwalkar, Foundations of Machine Learning, 2nd ed. 2018, Theorem 5.9; V. Koltchinskii, D. Panchenko, Annals of
 * Statistics 30, 2002), R̂ the empirical Rademacher complexity:
 *     linear, ‖w‖₂ ≤ 1:                                 R̂ ≤ √(Σ‖xᵢ‖²)/n                          (Theorem 5.10)
 *     depth d, every ‖W_l‖_F ≤ 1, σ positively homogeneous: R̂ ≤ (√(2 ln 2 · d) + 1) √(Σ‖xᵢ‖²)/n   (Golowich, Rakhlin, Shamir 2018, Theorem 1)
 * Both classes are met by dividing f by ‖w‖₂, or by the product of the ‖W_l‖_F, which changes no sign of f.
 */
import type { Figure, Verdict } from '../protocol/report';
import { inWords } from './wording';

/** δ: the bound may fail on one split in twenty. */
export const CONFIDENCE = 0.05;

export interface BoundInput {
  /** yᵢ f(xᵢ)/scale on the training samples. */
  readonly margins: Float64Array;
  /** R̂(H). */
  readonly complexity: number;
  /** r. */
  readonly radius: number;
  readonly testError: number;
  readonly testSamples: number;
}

export interface Bound {
  /** ρ at which the bound is least. */
  readonly rho: number;
  readonly value: number;
  /** Share of training samples with a margin of at most ρ. */
  readonly violations: number;
}

/** The bound at one ρ. */
export function boundAt(input: BoundInput, rho: number): number {
  return boundWith(input, rho, violationsAt(input.margins, rho));
}

function violationsAt(margins: Float64Array, rho: number): number {
  let count = 0;
  for (let i = 0; i < margins.length; i++) if (margins[i] <= rho) count++;
  return count / margins.length;
}

/**
 * Just below each training margin, where alone the bound can be least, and at r: it holds for all ρ at once. Ascending, each with its violations.
 */
function candidates({ margins, radius }: BoundInput): { readonly rho: number; readonly violations: number }[] {
  const n = margins.length;
  const sorted = margins.toSorted();
  const found: { rho: number; violations: number }[] = [];
  for (let k = 0; k < n; k++) {
    if (k > 0 && sorted[k] === sorted[k - 1]) continue;
    const rho = sorted[k] * (1 - 1e-12);
    if (rho > 0 && rho <= radius) found.push({ rho, violations: k / n });
  }
  found.push({ rho: radius, violations: violationsAt(margins, radius) });
  return found;
}

/** The bound at ρ, given the share of violations there. */
function boundWith({ margins, complexity, radius }: BoundInput, rho: number, violations: number): number {
  const n = margins.length;
  return (
    violations +
    (4 / rho) * complexity +
    Math.sqrt(Math.max(0, Math.log(Math.log2((2 * radius) / rho))) / n) +
    3 * Math.sqrt(Math.log(4 / CONFIDENCE) / (2 * n))
  );
}

export function leastBound(input: BoundInput): Bound {
  let best: Bound = { rho: input.radius, value: Infinity, violations: 1 };
  for (const { rho, violations } of candidates(input)) {
    const value = boundWith(input, rho, violations);
    if (value < best.value) best = { rho, value, violations };
  }
  return best;
}

export function judgeBound(result: string, input: BoundInput): Verdict {
  const { rho, value, violations } = leastBound(input);
  const { testError, testSamples } = input;
  // The measured error itself scatters around the true one (Hoeffding).
  const scatter = Math.sqrt(Math.log(1 / CONFIDENCE) / (2 * testSamples));
  const base = { result, measure: 'test error', value: testError, tolerance: value, limit: 'bound' } as const;
  const what =
    `Test error ${inWords(testError)} on ${testSamples} samples; the bound is ${inWords(value)} at ρ = ${inWords(rho)} ` +
    `(${inWords(violations)} of the training samples ${violations === 1 ? 'has' : 'have'} a smaller margin), with probability ${1 - CONFIDENCE}`;
  if (testError > value + scatter) return { ...base, outcome: 'disagrees', says: `${what}: the error is above it.` };
  return value >= 1
    ? { ...base, outcome: 'agrees', says: `${what}. Vacuous: no error can exceed 1, so this confirms nothing.` }
    : {
        ...base,
        outcome: 'agrees',
        says: `${what}. Not vacuous, and ${testError > 0 ? `${inWords(value / testError, 2)} times the error` : 'far above an error of 0'}.`,
      };
}

/** The bound over ρ, with its parts, and the measured error. */
export function boundFigure(input: BoundInput): readonly Figure[] {
  const all = candidates(input);
  if (all.length < 2) return [];
  const few = all.filter((_, k) => k % Math.ceil(all.length / 200) === 0 || k === all.length - 1).map(({ rho }) => rho);
  const best = leastBound(input);
  return [
    {
      kind: 'chart',
      id: 'margin-bound',
      title: 'Margin bound over the margin ρ',
      says:
        `The bound is least, ${inWords(best.value)}, at ρ = ${inWords(best.rho)}; ` +
        `the measured test error is ${inWords(input.testError)}${best.value >= 1 ? '; the bound is vacuous' : ''}.`,
      x: { label: 'ρ', scale: 'log' },
      y: { label: 'probability', scale: 'log' },
      series: [
        { name: 'bound', style: 'line', x: few, y: few.map((rho) => boundAt(input, rho)) },
        { name: 'complexity term (4/ρ) R̂', style: 'line', x: few, y: few.map((rho) => (4 / rho) * input.complexity) },
        ...(input.testError > 0 ? [{ name: 'test error', style: 'line' as const, x: few, y: few.map(() => input.testError) }] : []),
      ],
    },
  ];
}
