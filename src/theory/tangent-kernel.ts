/**
 * The neural tangent kernel of a model at a start θ₀, K(x, x′) = ⟨∇f(x), ∇f(x′)⟩, and the function that the linearized model ends at:
 *
 *     f₀(x) + K(x, X) K(X, X)⁻¹ (y − f₀(X)),     reached with the least movement ‖δ‖² = (y − f₀)ᵀ K⁻¹ (y − f₀), δ = JᵀK⁻¹(y − f₀)
 *
 * (Jacot, Gabriel, Hongler 2018; Chizat, Oyallon, Bach 2019).
 */
import { gramOfRows, matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { symmetricEigen, type SymmetricEigen } from '../numerics/symmetric-eigen';
import { dot, norm2 } from '../numerics/vectors';
import type { Model } from '../models/model';
import type { Certificate } from '../protocol/report';

export interface TangentKernel {
  /** Samples n. */
  readonly size: number;
  /** n × parameters, row-major. */
  readonly jacobian: Float64Array;
  /** n × n. */
  readonly gram: Float64Array;
  readonly eigen: SymmetricEigen;
  /** λ_max/λ_min; Infinity for a singular kernel. */
  readonly condition: number;
  /** f at the start, on the samples. */
  readonly outputs: Float64Array;
}

/** One output a sample. */
export function tangentKernel(model: Model, start: Float64Array): TangentKernel {
  const size = model.samples;
  const jacobian = new Float64Array(size * model.parameterCount);
  const outputs = new Float64Array(size);
  model.outputs(start, outputs);
  model.jacobian(start, jacobian);
  const gram = new Float64Array(size * size);
  gramOfRows(jacobian, size, model.parameterCount, gram);
  const eigen = symmetricEigen(gram, size);
  const [least, most] = [eigen.values[0], eigen.values[size - 1]];
  // Below this an eigenvalue of a Gram matrix is rounding.
  const condition = least > size * Number.EPSILON * most ? most / least : Infinity;
  return { size, jacobian, gram, eigen, condition, outputs };
}

export interface KernelSolution {
  /** c = K⁻¹ r. */
  readonly coefficients: Float64Array;
  /** δ = Jᵀc, the shortest step with Jδ = r. */
  readonly step: Float64Array;
  readonly certificate: Certificate;
}

/** The least movement with Jδ = r, r not 0; K has to be invertible. Certified by the duality gap of min ½‖δ‖² subject to Jδ = r. */
export function leastMovement({ size, jacobian, gram, eigen }: TangentKernel, r: Float64Array): KernelSolution {
  const coefficients = new Float64Array(size);
  const rest = Float64Array.from(r);
  // The second pass removes what the rounding of the first has left.
  for (let pass = 0; pass < 3; pass++) {
    for (let k = 0; k < size; k++) {
      const vector = eigen.vectors.subarray(k * size, (k + 1) * size);
      const c = dot(vector, rest) / eigen.values[k];
      for (let i = 0; i < size; i++) coefficients[i] += c * vector[i];
    }
    matVec(gram, size, size, coefficients, rest);
    for (let i = 0; i < size; i++) rest[i] = r[i] - rest[i];
  }
  const step = new Float64Array(jacobian.length / size);
  matTVec(jacobian, size, step.length, coefficients, step);
  const reached = new Float64Array(size);
  matVec(jacobian, size, step.length, step, reached);
  const residual = norm2(reached.map((value, i) => value - r[i])) / norm2(r);
  const square = dot(step, step);
  const gap = Math.abs(2 * (square - dot(coefficients, r))) / square;
  return {
    coefficients,
    step,
    certificate: {
      kind: 'duality-gap',
      value: Math.max(gap, residual),
      says: `relative duality gap of min ½‖δ‖² subject to Jδ = y − f₀: ${inWords(gap, 2)}; Jδ misses y − f₀ by ${inWords(residual, 2)}, relatively`,
    },
  };
}

/**
 * E over w ~ N(0, I), of the tangent kernel of a (w·x)₊ with E a² = 1:
 * ‖x‖‖x′‖ (sin t + (π − t) cos t)/2π of the outer weights, x·x′ (π − t)/2π of the inner ones, t the angle (arc-cosine kernels,
 * Cho & Saul 2009). On the circle its eigenvalues at odd frequencies from 3 on are 0.
 */
export function reluTangentKernel(x: Float64Array, z: Float64Array): number {
  const sizes = norm2(x) * norm2(z);
  if (sizes === 0) return 0;
  const cosine = Math.max(-1, Math.min(1, dot(x, z) / sizes));
  const angle = Math.acos(cosine);
  return (sizes * (Math.sin(angle) + 2 * (Math.PI - angle) * cosine)) / (2 * Math.PI);
}
