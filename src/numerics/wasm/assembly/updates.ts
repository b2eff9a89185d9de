/**
 * Parameter updates from the gradient g in the predictor β, and the new predictor.
 * Linear: β = w. Tied diagonal network: β = u^D − v^D; u at `parameters`, v `columns` entries further; velocities likewise.
 * Each returns whether any parameter or velocity has changed.
 */
import { laneSum, multiplyAdd } from './lanes';

function power(base: v128, exponent: i32): v128 {
  let value = base;
  for (let k = 1; k < exponent; k++) value = f64x2.mul(value, base);
  return value;
}

/** w ← w − rate·g. */
export function plainLinear(from: usize, to: usize, rate: f64, gradient: usize, parameters: usize): bool {
  const r = f64x2.splat(-rate);
  let changed = i64x2.splat(0);
  for (let j = from << 3; j < to << 3; j += 16) {
    const old = v128.load(parameters + j);
    const next = multiplyAdd(r, v128.load(gradient + j), old);
    v128.store(parameters + j, next);
    changed = v128.or(changed, f64x2.ne(old, next));
  }
  return v128.any_true(changed);
}

/** v ← momentum·v − rate·slope, θ ← θ + v, on the pair at byte offset j. */
function heavyBall(old: v128, oldVelocity: v128, velocity: v128, parameters: usize, velocities: usize): v128 {
  const next = f64x2.add(old, velocity);
  v128.store(parameters, next);
  v128.store(velocities, velocity);
  return v128.or(f64x2.ne(old, next), f64x2.ne(oldVelocity, velocity));
}

export function momentumLinear(
  from: usize,
  to: usize,
  rate: f64,
  momentum: f64,
  gradient: usize,
  parameters: usize,
  velocities: usize,
): bool {
  const r = f64x2.splat(-rate);
  const b = f64x2.splat(momentum);
  let changed = i64x2.splat(0);
  for (let j = from << 3; j < to << 3; j += 16) {
    const oldVelocity = v128.load(velocities + j);
    const velocity = multiplyAdd(b, oldVelocity, f64x2.mul(r, v128.load(gradient + j)));
    changed = v128.or(changed, heavyBall(v128.load(parameters + j), oldVelocity, velocity, parameters + j, velocities + j));
  }
  return v128.any_true(changed);
}

/** u ← u − rate·2u∘g, v ← v + rate·2v∘g, β = u² − v². */
export function plainDiagonal2(
  from: usize,
  to: usize,
  rate: f64,
  gradient: usize,
  columns: usize,
  parameters: usize,
  predictor: usize,
): bool {
  const r = f64x2.splat(2 * rate);
  const negative = parameters + (columns << 3);
  let changed = i64x2.splat(0);
  for (let j = from << 3; j < to << 3; j += 16) {
    const g = f64x2.mul(r, v128.load(gradient + j));
    const oldU = v128.load(parameters + j);
    const oldV = v128.load(negative + j);
    const u = f64x2.sub(oldU, f64x2.mul(oldU, g));
    const v = f64x2.add(oldV, f64x2.mul(oldV, g));
    v128.store(parameters + j, u);
    v128.store(negative + j, v);
    v128.store(predictor + j, f64x2.sub(f64x2.mul(u, u), f64x2.mul(v, v)));
    changed = v128.or(changed, v128.or(f64x2.ne(oldU, u), f64x2.ne(oldV, v)));
  }
  return v128.any_true(changed);
}

/** The same for every depth ≥ 2, with heavy-ball momentum (which may be 0). */
export function momentumDiagonal(
  from: usize,
  to: usize,
  rate: f64,
  momentum: f64,
  depth: i32,
  gradient: usize,
  columns: usize,
  parameters: usize,
  velocities: usize,
  predictor: usize,
): bool {
  const r = f64x2.splat(rate * <f64>depth);
  const b = f64x2.splat(momentum);
  const gap = columns << 3;
  let changed = i64x2.splat(0);
  for (let j = from << 3; j < to << 3; j += 16) {
    const g = f64x2.mul(r, v128.load(gradient + j));
    const u = v128.load(parameters + j);
    const v = v128.load(parameters + j + gap);
    const oldP = v128.load(velocities + j);
    const oldN = v128.load(velocities + j + gap);
    const p = f64x2.sub(f64x2.mul(b, oldP), f64x2.mul(power(u, depth - 1), g));
    const n = f64x2.add(f64x2.mul(b, oldN), f64x2.mul(power(v, depth - 1), g));
    changed = v128.or(changed, heavyBall(u, oldP, p, parameters + j, velocities + j));
    changed = v128.or(changed, heavyBall(v, oldN, n, parameters + j + gap, velocities + j + gap));
    const nextU = v128.load(parameters + j);
    const nextV = v128.load(parameters + j + gap);
    v128.store(predictor + j, f64x2.sub(power(nextU, depth), power(nextV, depth)));
  }
  return v128.any_true(changed);
}

/** Σ over θ of (scale·∂/∂θ)² for the gradient g in β, or with `largest` the largest |∂/∂θ|; depth 1 is the linear model. */
function gradientSum(depth: i32, columns: usize, gradient: usize, parameters: usize, scale: f64, largest: bool): f64 {
  const gap = columns << 3;
  const factor = f64x2.splat(scale * <f64>depth);
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < gap; j += 16) {
    const g = f64x2.mul(factor, v128.load(gradient + j));
    const du = depth == 1 ? g : f64x2.mul(g, power(v128.load(parameters + j), depth - 1));
    const dv = depth == 1 ? f64x2.splat(0) : f64x2.mul(g, power(v128.load(parameters + j + gap), depth - 1));
    sum = largest ? f64x2.pmax(sum, f64x2.max(f64x2.abs(du), f64x2.abs(dv))) : multiplyAdd(du, du, multiplyAdd(dv, dv, sum));
  }
  return largest ? Math.max(f64x2.extract_lane(sum, 0), f64x2.extract_lane(sum, 1)) : laneSum(sum);
}

/** ‖∂/∂θ‖₂, free of overflow and underflow in between. */
export function gradientNorm(depth: i32, columns: usize, gradient: usize, parameters: usize): f64 {
  const sum = gradientSum(depth, columns, gradient, parameters, 1, false);
  if (sum > 1e-280 && sum < 1e280) return Math.sqrt(sum);
  const largest = gradientSum(depth, columns, gradient, parameters, 1, true);
  // The inverse of a subnormal number overflows: it is as good as zero.
  if (!(largest > 1e-300 && largest < Infinity)) return largest > 1e-300 ? largest : 0;
  return largest * Math.sqrt(gradientSum(depth, columns, gradient, parameters, 1 / largest, false));
}

/** Σ|θ_j| over `count` entries (an even number). */
export function absoluteSum(parameters: usize, count: usize): f64 {
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < count << 3; j += 16) sum = f64x2.add(sum, f64x2.abs(v128.load(parameters + j)));
  return laneSum(sum);
}
