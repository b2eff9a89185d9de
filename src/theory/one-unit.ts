/** What the exact results on one hidden unit x ↦ a σ(w·x) share: the start, the sign of a, the reference, and the verdict on β = aw. */
import type { Experiment } from '../experiment/schema';
import { relativeDistance } from '../measures/agreement';
import { norm2 } from '../numerics/vectors';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { oneUnitLimit } from '../solvers/one-unit-limit';
import { SolverError, type Answer } from '../solvers/reference-problem';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

const SIGN = 'the outer weight a keeps its sign';

export interface OneUnit {
  readonly w: Float64Array;
  readonly a: number;
  /** a(0)² − ‖w(0)‖², conserved. */
  readonly delta: number;
}

/** θ = (w, a). */
export function oneUnit(theta: Float64Array): OneUnit {
  const w = theta.slice(0, theta.length - 1);
  const a = theta[theta.length - 1];
  return { w, a, delta: (Math.abs(a) - norm2(w)) * (Math.abs(a) + norm2(w)) };
}

/** δ ≥ 0 forbids a = 0, as a² = δ + ‖w‖²; for δ < 0 only the run shows whether a has changed its sign. */
export function signCondition({ a, delta }: OneUnit): Condition {
  if (a === 0) return condition(SIGN, false, 'a(0) = 0: it has no sign to keep');
  const value = `δ = a(0)² − ‖w(0)‖² = ${inWords(delta)}`;
  return delta >= 0
    ? condition(SIGN, true, `${value} ≥ 0, and a² = δ + ‖w‖² never vanishes`)
    : condition(SIGN, 'unknown', `${value} < 0: a may pass 0; the run shows it`);
}

/** The same once the run has shown it. */
export function settledSign(start: OneUnit, trained: Trained): Condition {
  const before = signCondition(start);
  if (before.holds !== 'unknown') return before;
  const end = oneUnit(trained.parameters).a;
  return condition(SIGN, end * start.a > 0, `a(0) = ${inWords(start.a)}, at the end a = ${inWords(end)}`);
}

export function solveOneUnit({ data }: Situation, start: OneUnit, targets: Float64Array, title: string, regularizer: string): Reference {
  const answer = oneUnitLimit(data.x, targets, data.samples, data.features, start.w, start.a, start.a);
  return {
    id: 'one-unit',
    title,
    regularizer,
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

/**
 * The verdict of `judgeWhole` for a run in which a has kept its sign. Where it has not, the expression with the sign of the start is
 * not claimed; what the same expression with the sign of the end says is named.
 * @param targetsFor b of Xβ = b for a sign of a
 */
export function judgeOneUnit(
  result: string,
  trained: Trained,
  start: OneUnit,
  { data }: Situation,
  targetsFor: (sign: number) => Float64Array,
  judgeWhole: (run: Trained) => Verdict,
): Verdict {
  const end = oneUnit(trained.parameters);
  const beta = end.w.map((value) => end.a * value);
  const other = end.a * start.a > 0 || trained.outcome !== 'converged' ? null : limitWithSign(end.a, start, data, targetsFor(end.a));
  if (other === null) return judgeWhole({ ...trained, predictor: beta });
  const value = relativeDistance(beta, other.point);
  return {
    result,
    outcome: 'no-prediction',
    measure: 'relative-distance',
    value,
    tolerance: null,
    says:
      `a has changed its sign on the way, which the expression does not cover. With the sign at the end in the place of that at the start ` +
      `its minimiser is ${inWords(value)} from the solution.`,
  };
}

/** Null where no solution has this sign: the run has then not come to one either. */
function limitWithSign(sign: number, start: OneUnit, data: Situation['data'], targets: Float64Array): Answer | null {
  try {
    return oneUnitLimit(data.x, targets, data.samples, data.features, start.w, start.a, sign);
  } catch (error) {
    if (error instanceof SolverError) return null;
    throw error;
  }
}

/** The optimizer's companions have θ, not β, too. */
export function withBeta(runs: readonly Trained[]): readonly Trained[] {
  return runs.map((run) => {
    const { a, w } = oneUnit(run.parameters);
    return { ...run, predictor: w.map((value) => a * value) };
  });
}

/** True for a network of one hidden unit, one output, without biases, all of which is trained. */
export function isOneHiddenUnit({ model }: Experiment, activation: 'relu' | 'leaky-relu'): boolean {
  if (model.kind !== 'network' || model.widths.length !== 1 || model.widths[0] !== 1) return false;
  const name = typeof model.activation === 'string' ? model.activation : model.activation.kind;
  return name === activation && model.bias === 'none' && !model.residual && model.trainable === 'all';
}
