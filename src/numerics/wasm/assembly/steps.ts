/** Steps of a descent whose parameters lie in this memory. */
import { laneSum, multiplyAdd, subtractProduct } from './lanes';

/**
 * v ← βv − rate·g, θ ← θ + v; without momentum θ ← θ − rate·g, and the velocity is left alone.
 * Returns ‖θ‖², or −1 where nothing has changed.
 */
export function step(count: usize, rate: f64, momentum: f64, gradient: usize, velocity: usize, parameters: usize): f64 {
  return momentum == 0
    ? plainStep(count, rate, gradient, parameters)
    : stepWithMomentum(count, rate, momentum, gradient, velocity, parameters);
}

function plainStep(count: usize, rate: f64, gradient: usize, parameters: usize): f64 {
  const r = f64x2.splat(rate);
  let squares = f64x2.splat(0);
  let changed = i64x2.splat(0);
  let k: usize = 0;
  for (; k + 1 < count; k += 2, gradient += 16, parameters += 16) {
    const before = v128.load(parameters);
    const next = subtractProduct(before, r, v128.load(gradient));
    changed = v128.or(changed, f64x2.ne(next, before));
    squares = multiplyAdd(next, next, squares);
    v128.store(parameters, next);
  }
  let sum = laneSum(squares);
  let moved = v128.any_true(changed);
  if (k < count) {
    const before = load<f64>(parameters);
    const next = before - rate * load<f64>(gradient);
    moved = moved || next != before;
    sum += next * next;
    store<f64>(parameters, next);
  }
  return moved ? sum : -1;
}

function stepWithMomentum(count: usize, rate: f64, momentum: f64, gradient: usize, velocity: usize, parameters: usize): f64 {
  const r = f64x2.splat(rate);
  const beta = f64x2.splat(momentum);
  let squares = f64x2.splat(0);
  let changed = i64x2.splat(0);
  let k: usize = 0;
  for (; k + 1 < count; k += 2, gradient += 16, velocity += 16, parameters += 16) {
    const speed = v128.load(velocity);
    const faster = subtractProduct(f64x2.mul(beta, speed), r, v128.load(gradient));
    const before = v128.load(parameters);
    const next = f64x2.add(before, faster);
    changed = v128.or(changed, v128.or(f64x2.ne(next, before), f64x2.ne(faster, speed)));
    squares = multiplyAdd(next, next, squares);
    v128.store(velocity, faster);
    v128.store(parameters, next);
  }
  let sum = laneSum(squares);
  let moved = v128.any_true(changed);
  if (k < count) {
    const speed = load<f64>(velocity);
    const faster = momentum * speed - rate * load<f64>(gradient);
    const before = load<f64>(parameters);
    const next = before + faster;
    moved = moved || next != before || faster != speed;
    sum += next * next;
    store<f64>(velocity, faster);
    store<f64>(parameters, next);
  }
  return moved ? sum : -1;
}
