/**
 * Second derivatives of the training loss at one place: its sharpness and the size of its Hessian, each computed when first asked.
 * Along a run the search for an eigenvector starts from that of the place before, which saves most of its products; the answers depend
 * on the sequence of places alone, never on the clock.
 */
import { largestEigenvalue } from '../numerics/lanczos';
import { randomStream } from '../numerics/random';
import { axpy, dot, norm2 } from '../numerics/vectors';
import { GaussNewton } from './gauss-newton';
import { Hessian } from './hessian';
import type { Objective } from './objective';

/** Residual of an eigenvector; the error of its eigenvalue is the square of it over the relative gap to the next one. */
const RESIDUAL = 1e-3;
const PRODUCTS = 100;
/** Numbers that a Lanczos basis may hold. */
const BASIS = 1e7;
/** The whole Hessian is formed, by one product a parameter, up to this many parameters. */
const MOST_PARAMETERS = 600;

export interface TopEigenpair {
  /** λ_max(∇²ℒ), algebraically largest. */
  readonly value: number;
  /** Its unit eigenvector. */
  readonly vector: Float64Array;
}

interface HessianSize {
  readonly trace: number;
  readonly frobenius: number;
}

export class Curvature {
  private hessian: Hessian | undefined;
  private readonly gaussNewton: GaussNewton;
  private readonly theta: Float64Array;
  private moved = true;
  private topOnce: TopEigenpair | undefined;
  private preconditionedOnce: number | undefined;
  private sizeOnce: HessianSize | undefined;
  /** Of the second, third, … eigenvector. */
  private readonly laterRestarts: Float64Array[] = [];
  private restart: Float64Array | undefined;
  private preconditionedRestart: Float64Array | undefined;

  constructor(private readonly objective: Objective) {
    this.gaussNewton = new GaussNewton(objective);
    this.theta = new Float64Array(objective.size);
  }

  /** Whether the whole Hessian can be formed. */
  get hasWholeHessian(): boolean {
    return this.objective.size <= MOST_PARAMETERS;
  }

  /** Whether the Jacobian fits. */
  get hasGaussNewton(): boolean {
    return this.gaussNewton.fits;
  }

  /** Moves to θ, which is copied. Costs nothing until something is asked. */
  at(theta: Float64Array): this {
    this.theta.set(theta);
    this.moved = true;
    this.topOnce = undefined;
    this.preconditionedOnce = undefined;
    this.sizeOnce = undefined;
    this.gaussNewton.at(this.theta);
    return this;
  }

  /** out = ∇²ℒ(θ) v. */
  multiply(v: Float64Array, out: Float64Array): void {
    this.here().multiply(v, out);
  }

  /** λ_max(∇²ℒ(θ)) with its eigenvector. */
  top(): TopEigenpair {
    return (this.topOnce ??= this.computeTop());
  }

  /**
   * The eigenpairs with the largest eigenvalues, in falling order: the first, and further ones above a bound. Each is searched across those before it, so
   * that an eigenvalue that is there twice is found twice.
   * @param most pairs at most
   */
  topSeveral(above: number, most: number): readonly TopEigenpair[] {
    const found = [this.top()];
    const hessian = this.here();
    const { size } = this.objective;
    const across = new Float64Array(size);
    const deflate = (v: Float64Array): void => {
      for (const { vector } of found) axpy(-dot(vector, v), vector, v);
    };
    while (found.length < Math.min(most, size) && found[found.length - 1].value >= above) {
      const apply = (v: Float64Array, out: Float64Array): void => {
        across.set(v);
        deflate(across);
        hessian.multiply(across, out);
        deflate(out);
      };
      const k = found.length - 1;
      // From the same start as the first, a search would find nothing in an eigenspace that is there twice: what the start has in it is the first vector.
      const stream = randomStream(k + 1, 'deflated');
      const start = this.laterRestarts[k] ?? Float64Array.from({ length: size }, () => stream.gaussian());
      const next = largestEigenvalue(size, apply, { residual: RESIDUAL, products: this.products, start });
      if (!(next.value >= above)) break;
      this.laterRestarts[k] = next.restart;
      deflate(next.vector);
      const length = norm2(next.vector);
      found.push({ value: next.value, vector: next.vector.map((entry) => entry / length) });
    }
    return found;
  }

  /** λ_max(∇²ℒ(θ)), algebraically largest: negative where the loss is concave. */
  sharpness(): number {
    return this.top().value;
  }

  /**
   * λ_max(P^(−1/2) ∇²ℒ(θ) P^(−1/2)) for diagonal P; NaN where P is not known yet.
   * A parameter with P = 0 is one that has never had a gradient and does not move: it is left out.
   */
  preconditionedSharpness(preconditioner: Float64Array): number {
    return (this.preconditionedOnce ??= this.computePreconditioned(preconditioner));
  }

  /** tr ∇²ℒ(θ); NaN unless `hasWholeHessian`. */
  hessianTrace(): number {
    return this.size().trace;
  }

  /** ‖∇²ℒ(θ)‖_F; NaN unless `hasWholeHessian`. */
  hessianFrobenius(): number {
    return this.size().frobenius;
  }

  /** tr Jᵀ(∂²ℒ/∂f²)J, the trace of the Hessian where the slopes of the loss vanish; NaN unless `hasGaussNewton`. */
  gaussNewtonTrace(): number {
    return this.gaussNewton.trace();
  }

  /** ‖Jᵀ(∂²ℒ/∂f²)J‖_F; NaN unless `hasGaussNewton`. */
  gaussNewtonFrobenius(): number {
    return this.gaussNewton.frobenius();
  }

  private here(): Hessian {
    const hessian = (this.hessian ??= new Hessian(this.objective));
    if (this.moved) hessian.at(this.theta);
    this.moved = false;
    return hessian;
  }

  private get products(): number {
    return Math.max(3, Math.min(PRODUCTS, Math.floor(BASIS / this.objective.size)));
  }

  private computeTop(): TopEigenpair {
    const hessian = this.here();
    const { value, vector, restart } = largestEigenvalue(this.objective.size, (v, out) => hessian.multiply(v, out), {
      residual: RESIDUAL,
      products: this.products,
      start: this.restart,
    });
    if (Number.isFinite(value)) this.restart = restart;
    return { value, vector };
  }

  private computePreconditioned(preconditioner: Float64Array): number {
    if (preconditioner.some(Number.isNaN)) return Number.NaN;
    const hessian = this.here();
    const { size } = this.objective;
    const scale = preconditioner.map((p) => (p > 0 ? 1 / Math.sqrt(p) : 0));
    const scaled = new Float64Array(size);
    const apply = (v: Float64Array, out: Float64Array): void => {
      for (let j = 0; j < size; j++) scaled[j] = scale[j] * v[j];
      hessian.multiply(scaled, out);
      for (let j = 0; j < size; j++) out[j] *= scale[j];
    };
    const { value, restart } = largestEigenvalue(size, apply, {
      residual: RESIDUAL,
      products: this.products,
      start: this.preconditionedRestart,
    });
    if (Number.isFinite(value)) this.preconditionedRestart = restart;
    return value;
  }

  private size(): HessianSize {
    return (this.sizeOnce ??= this.computeSize());
  }

  private computeSize(): HessianSize {
    if (!this.hasWholeHessian) return { trace: Number.NaN, frobenius: Number.NaN };
    const hessian = this.here();
    const { size } = this.objective;
    const unit = new Float64Array(size);
    const column = new Float64Array(size);
    let trace = 0;
    let squares = 0;
    for (let j = 0; j < size; j++) {
      unit[j] = 1;
      hessian.multiply(unit, column);
      unit[j] = 0;
      trace += column[j];
      for (const entry of column) squares += entry * entry;
    }
    return { trace, frobenius: Math.sqrt(squares) };
  }
}
