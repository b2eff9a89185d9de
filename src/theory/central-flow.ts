/**
 * The central flow of gradient descent (J. Cohen, A. Damian, A. Talwalkar, J. Kolter, J. Lee, Understanding optimization in deep learning with central flows,
 * ICLR 2025): the time average of a descent that oscillates in the span of the critical eigenvectors U with covariance UXUᵀ moves by
 *
 *     ẇ = −∇ℒ(w) − ½ Σ_ij X_ij ∇(u_iᵀ∇²ℒu_j),    0 ⪯ X ⟂ (2/η)I − Uᵀ∇²ℒU growing by no less than 0,
 *
 * and its time-averaged loss is ℒ(w) + ½(2/η) tr X. With one direction X = σ² = max(0, 2⟨−∇ℒ, ∇S⟩/‖∇S‖²); with several X solves a small semidefinite
 * complementarity problem. ∇³ℒ[u, u] is a second difference of the gradient along u, ∇³ℒ[u, v] by polarisation.
 */
import type { TopEigenpair } from '../dynamics/curvature';
import { dot } from '../numerics/vectors';
import { solveComplementarity } from '../solvers/semidefinite-complementarity';

/** What the flow asks of the loss: a `Situation` has it. */
export interface Landscape {
  readonly objective: { gradient(theta: Float64Array, out: Float64Array): number };
  readonly curvature: { at(theta: Float64Array): { topSeveral(above: number, most: number): readonly TopEigenpair[] } };
}

export interface CentralFlow {
  readonly steps: readonly number[];
  /** Predicted time average of the loss of the descent. */
  readonly losses: readonly number[];
  readonly sharpness: readonly number[];
  /** Directions that are held at the edge. */
  readonly directions: readonly number[];
  /** The largest residual of a complementarity problem on the way. */
  readonly residual: number;
  readonly parameters: Float64Array;
}

/** Of the second difference: its error ε²/12 · ∂⁵ℒ and the rounding 4·10⁻¹⁶/ε² are both near 10⁻⁷ for parameters of order 1. */
const DIFFERENCE = 1e-3;
/** Steps of the descent in which a sharpness off 2/η is led back to it: steps of finite length would else drift. */
const RELAXATION = 5;
/** Midpoint steps in one step of the descent: h·S = 1 is well inside their stability. */
const SUBSTEPS = 2;
/** Directions from this share of the edge on are looked at: below, they would have to sharpen by a fiftieth in a step to matter. */
const NEAR = 0.9;
/** Of the complementarity problem: the eigenvectors in it are known to 10⁻³. */
const ACCURACY = 1e-5;
/** A matrix of third derivatives has k(k + 1)/2 entries, two gradients each. */
const MOST_DIRECTIONS = 4;

/** @param from the parameters of the flow at the step `first` */
export function centralFlow(landscape: Landscape, stepSize: number, from: Float64Array, first: number, last: number): CentralFlow {
  const size = from.length;
  const w = from.slice();
  const [middle, velocity] = [new Float64Array(size), new Float64Array(size)];
  const field = new CentralField(landscape, stepSize, size);
  const steps: number[] = [];
  const losses: number[] = [];
  const sharpness: number[] = [];
  const directions: number[] = [];
  const h = stepSize / SUBSTEPS;
  for (let step = first; step <= last; step++) {
    for (let part = 0; part < SUBSTEPS; part++) {
      const loss = field.at(w, velocity);
      // A flow that is thrown out of the landscape ends where it was.
      if (!Number.isFinite(loss)) return { steps, losses, sharpness, directions, residual: field.residual, parameters: w };
      if (part === 0) {
        steps.push(step);
        losses.push(loss + 0.5 * field.variance * (2 / stepSize));
        sharpness.push(field.sharpness);
        directions.push(field.directions);
      }
      if (step === last) break;
      for (let j = 0; j < size; j++) middle[j] = w[j] + 0.5 * h * velocity[j];
      if (Number.isFinite(field.at(middle, velocity))) for (let j = 0; j < size; j++) w[j] += h * velocity[j];
      else w.fill(Number.NaN);
    }
  }
  return { steps, losses, sharpness, directions, residual: field.residual, parameters: w };
}

/** ẇ at a place, with what the oscillation is there. */
class CentralField {
  sharpness = 0;
  /** tr X. */
  variance = 0;
  directions = 0;
  residual = 0;
  private readonly gradient: Float64Array;
  private readonly place: Float64Array;
  private readonly direction: Float64Array;
  private readonly ahead: Float64Array;

  constructor(
    private readonly landscape: Landscape,
    private readonly stepSize: number,
    size: number,
  ) {
    [this.gradient, this.place, this.direction, this.ahead] = Array.from({ length: 4 }, () => new Float64Array(size));
  }

  /** out = ẇ; returns ℒ, or NaN where it is not finite. */
  at(w: Float64Array, out: Float64Array): number {
    const { gradient, landscape, stepSize } = this;
    const loss = landscape.objective.gradient(w, gradient);
    const edge = 2 / stepSize;
    const critical = landscape.curvature.at(w).topSeveral(NEAR * edge, MOST_DIRECTIONS);
    this.sharpness = critical[0].value;
    const k = critical.length;
    const third = this.thirdDerivatives(w, critical);
    // d(Uᵀ∇²ℒU)/dt = A − B(X) is to be at most (2/η − Uᵀ∇²ℒU)/(relaxation time), with equality where the descent oscillates.
    const map = new Float64Array(k ** 4);
    const target = new Float64Array(k * k);
    for (let i = 0; i < k * k; i++) {
      target[i] = -dot(gradient, third[i]);
      for (let j = 0; j < k * k; j++) map[i * k * k + j] = 0.5 * dot(third[i], third[j]);
    }
    for (let i = 0; i < k; i++) target[i * k + i] += (critical[i].value - edge) / (RELAXATION * stepSize);
    if (!Number.isFinite(loss) || !target.every(Number.isFinite) || !map.every(Number.isFinite)) return Number.NaN;
    const { solution, held, residual } = solveComplementarity(map, target, k, ACCURACY);
    this.directions = held;
    this.residual = Math.max(this.residual, residual);
    this.variance = critical.reduce((sum, _, i) => sum + solution[i * k + i], 0);
    for (let j = 0; j < out.length; j++) out[j] = -gradient[j];
    for (let i = 0; i < k * k; i++) for (let j = 0; j < out.length; j++) out[j] -= 0.5 * solution[i] * third[i][j];
    return loss;
  }

  /** ∇³ℒ[u_i, u_j] at i·k + j. */
  private thirdDerivatives(w: Float64Array, directions: readonly TopEigenpair[]): Float64Array[] {
    const k = directions.length;
    const out: Float64Array[] = Array.from({ length: k * k });
    for (let i = 0; i < k; i++) out[i * k + i] = this.along(w, directions[i].vector);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < i; j++) {
        for (let l = 0; l < w.length; l++) this.direction[l] = directions[i].vector[l] + directions[j].vector[l];
        const both = this.along(w, this.direction);
        for (let l = 0; l < w.length; l++) both[l] = (both[l] - out[i * k + i][l] - out[j * k + j][l]) / 2;
        out[i * k + j] = both;
        out[j * k + i] = both;
      }
    }
    return out;
  }

  /** ∇³ℒ[d, d]. */
  private along(w: Float64Array, d: Float64Array): Float64Array {
    const { objective } = this.landscape;
    const { place, gradient, ahead } = this;
    const behind = new Float64Array(w.length);
    for (let j = 0; j < w.length; j++) place[j] = w[j] + DIFFERENCE * d[j];
    objective.gradient(place, ahead);
    for (let j = 0; j < w.length; j++) place[j] = w[j] - DIFFERENCE * d[j];
    objective.gradient(place, behind);
    for (let j = 0; j < w.length; j++) behind[j] = (ahead[j] - 2 * gradient[j] + behind[j]) / DIFFERENCE ** 2;
    return behind;
  }
}
