import assert from 'node:assert/strict';
import { InitError, initialParameters } from '../../../src/experiment/initial-parameters';
import type { ParameterBlock } from '../../../src/models/model';

const blocks: readonly ParameterBlock[] = [
  { name: 'u', rows: 1, columns: 3, offset: 0 },
  { name: 'v', rows: 2, columns: 2, offset: 3 },
];
const wide: readonly ParameterBlock[] = [{ name: 'w', rows: 1, columns: 20_000, offset: 0 }];
const moments = (values: Float64Array): readonly [number, number] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
};

describe('initial parameters', () => {
  it('fills zero, constant and explicit blocks in the order of the model', () => {
    assert.deepEqual(initialParameters({ kind: 'zero' }, blocks, 1), new Float64Array(7));
    assert.deepEqual(initialParameters({ kind: 'constant', scale: 0.5 }, blocks, 1), new Float64Array(7).fill(0.5));
    const parameters = [
      [1, 2, 3],
      [4, 5, 6, 7],
    ];
    assert.deepEqual(initialParameters({ kind: 'explicit', parameters }, blocks, 1), Float64Array.of(1, 2, 3, 4, 5, 6, 7));
  });

  it('draws normal parameters with the standard deviation that is asked for', () => {
    const [mean, variance] = moments(initialParameters({ kind: 'gaussian', scale: 3 }, wide, 1));
    // Five standard errors of 20 000 draws.
    assert.ok(Math.abs(mean) < (5 * 3) / Math.sqrt(20_000));
    assert.ok(Math.abs(variance - 9) < 5 * 9 * Math.sqrt(2 / 20_000));
  });

  it('scales normal weights by the inputs of their layer, and starts biases at 0', () => {
    const layers: readonly ParameterBlock[] = [
      { name: 'W1', rows: 400, columns: 100, offset: 0 },
      { name: 'b1', rows: 1, columns: 400, offset: 40_000 },
      { name: '2.b', rows: 1, columns: 1, offset: 40_400 },
    ];
    const theta = initialParameters({ kind: 'ntk', scale: 3 }, layers, 1);
    const [mean, variance] = moments(theta.subarray(0, 40_000));
    assert.ok(Math.abs(mean) < (5 * 0.3) / Math.sqrt(40_000));
    assert.ok(Math.abs(variance - 0.09) < 5 * 0.09 * Math.sqrt(2 / 40_000));
    assert.deepEqual(theta.subarray(40_000), new Float64Array(401));
  });

  it('scales the outer weights of a mean-field start by their number', () => {
    const layers: readonly ParameterBlock[] = [
      { name: 'W1', rows: 100, columns: 400, offset: 0 },
      { name: 'W2', rows: 100, columns: 100, offset: 40_000 },
    ];
    const theta = initialParameters({ kind: 'mean-field', scale: 2 }, layers, 1);
    const [, inner] = moments(theta.subarray(0, 40_000));
    const [, outer] = moments(theta.subarray(40_000));
    // Variances α²/400 and α²/100².
    assert.ok(Math.abs(inner - 0.01) < 5 * 0.01 * Math.sqrt(2 / 40_000));
    assert.ok(Math.abs(outer - 4e-4) < 5 * 4e-4 * Math.sqrt(2 / 10_000));
  });

  it('starts products with their scale and shape', () => {
    const layers = ['1.w1', '1.w2', '2.w1', '2.w2'].map((name, k) => ({ name, rows: 1, columns: 2, offset: 2 * k }));
    const [u, , v, , u2, , v2] = initialParameters({ kind: 'scale-shape', scale: 0.01, shape: 0.9 }, layers, 1);
    assert.ok(Math.abs(u * v - 0.01) < 1e-17);
    assert.ok(Math.abs((v - u) / (v + u) - 0.9) < 1e-15);
    assert.deepEqual([u2, v2], [u, -v]);
  });

  it('draws uniform parameters in [−α, α]', () => {
    const theta = initialParameters({ kind: 'uniform', scale: 3 }, wide, 1);
    assert.ok(theta.every((value) => Math.abs(value) <= 3));
    const [mean, variance] = moments(theta);
    // Variance α²/3, of squares 4α⁴/45.
    assert.ok(Math.abs(mean) < (5 * Math.sqrt(3)) / Math.sqrt(20_000));
    assert.ok(Math.abs(variance - 3) < 5 * Math.sqrt((4 * 81) / 45 / 20_000));
  });

  it('scales with α and depends on the seed alone', () => {
    const one = initialParameters({ kind: 'gaussian', scale: 1 }, blocks, 7);
    assert.deepEqual(
      initialParameters({ kind: 'gaussian', scale: 2 }, blocks, 7),
      one.map((value) => 2 * value),
    );
    assert.notDeepEqual(initialParameters({ kind: 'gaussian', scale: 1 }, blocks, 8), one);
  });

  it('refuses explicit blocks of another shape, with their place', () => {
    const refused = (parameters: number[][], pointer: string): void =>
      assert.throws(
        () => initialParameters({ kind: 'explicit', parameters }, blocks, 1),
        (error) => error instanceof InitError && error.pointer === pointer,
      );
    refused([[1, 2, 3]], '/init/parameters');
    refused([[1, 2, 3], [4]], '/init/parameters/1');
  });
});
