/** One feature, targets of a random polynomial. */
import type { DataSpec } from '../experiment/schema';
import { randomStream } from '../numerics/random';
import type { Dataset } from './dataset';
import { drawnSamples } from './drawn-samples';

type PolynomialSpec = Extract<DataSpec, { kind: 'polynomial' }>;

/**
 * y = Σ_k c_k x^k + noise · e with c_k and e standard normal. Training inputs are evenly spaced over [−range, range], ends included;
 * test inputs are uniform in it. Coefficients, noise and test inputs have streams of their own.
 * @throws DataError "data.too-large"
 */
export function polynomialData(spec: PolynomialSpec, seed: number): Dataset {
  const { degree, samples, noise, range } = spec;
  const random = randomStream(seed, 'data');
  const coefficients = Float64Array.from({ length: degree + 1 }, () => random.gaussian());
  const noiseStream = randomStream(seed, 'data-noise');
  const testStream = randomStream(seed, 'data-test');
  const data = drawnSamples({ ...spec, features: 1 }, (i, x, at) => {
    const share = i < samples ? (samples === 1 ? 0.5 : i / (samples - 1)) : testStream.uniform();
    x[at] = range * (2 * share - 1);
    return polynomialValue(coefficients, x[at]) + noise * noiseStream.gaussian();
  });
  return { ...data, polynomial: coefficients };
}

/** Σ_k c_k x^k by Horner's rule. */
export function polynomialValue(coefficients: ArrayLike<number>, x: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * x + coefficients[k];
  return value;
}
