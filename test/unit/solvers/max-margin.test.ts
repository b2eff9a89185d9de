import assert from 'node:assert/strict';
import loadHighs from 'highs';
import { maxMargin, type Inseparable, type Separable } from '../../../src/solvers/max-margin';
import { randomStream } from '../../../src/numerics/random';
import { distance, gaussianMatrix, product, transposed } from '../numerics/matrices';

function separable(z: ArrayLike<number>, samples: number, features: number): Separable {
  const result = maxMargin(Float64Array.from(z), samples, features);
  assert.ok(result.separable);
  return result;
}

function inseparable(z: ArrayLike<number>, samples: number, features: number): Inseparable {
  const result = maxMargin(Float64Array.from(z), samples, features);
  assert.ok(!result.separable);
  return result;
}

/** Rows reflected so that z·w ≥ margin for a random unit w. */
function separableData(samples: number, features: number, margin: number, seed: number): Float64Array {
  const z = gaussianMatrix(samples, features, seed);
  const w = gaussianMatrix(features, 1, seed + 1);
  const length = Math.hypot(...w);
  for (let i = 0; i < samples; i++) {
    let q = 0;
    for (let j = 0; j < features; j++) q += (w[j] / length) * z[i * features + j];
    for (let j = 0; j < features; j++) z[i * features + j] += ((Math.abs(q) + margin - q) * w[j]) / length;
  }
  return z;
}

/** Karush–Kuhn–Tucker: Zw ≥ 1, α ≥ 0, w = Zᵀα, α_i(z_i·w − 1) = 0. */
function assertOptimal(z: Float64Array, samples: number, features: number, { answer, margin, support }: Separable): void {
  const { point, multipliers, certificate } = answer;
  const size = Math.hypot(...point);
  // w itself is rounded: by ε·‖w‖, which moves z·w = 1 by ε·‖w‖·‖z‖.
  const largest = Math.max(...Array.from({ length: samples }, (_, i) => Math.hypot(...z.subarray(i * features, (i + 1) * features))));
  assert.ok(certificate.value <= 16 * Number.EPSILON * size * largest, certificate.says);
  assert.ok(Math.abs(margin * size - 1) <= 1e-14);
  const products = product(z, samples, features, point, 1);
  const rounding = 64 * Number.EPSILON * size * largest;
  products.forEach((q) => assert.ok(q >= 1 - rounding));
  multipliers.forEach((a, i) => assert.ok(a >= 0 && (a === 0 || Math.abs(products[i] - 1) <= rounding)));
  assert.ok(distance(product(transposed(z, samples, features), features, samples, multipliers, 1), point) <= (1e-12 + rounding) * size);
  assert.deepEqual(
    [...support],
    Array.from(multipliers.keys()).filter((i) => multipliers[i] > 0),
  );
}

describe('maximum margin', () => {
  it('of the four points (1,2), (2,−1), (4,1), (0,2) is (¾, ½) with α = (0, 3/8, 0, 7/16)', () => {
    const result = separable([1, 2, 2, -1, 4, 1, 0, 2], 4, 2);
    assert.ok(distance(result.answer.point, [0.75, 0.5]) <= 1e-15);
    assert.ok(distance(result.answer.multipliers, [0, 0.375, 0, 0.4375]) <= 1e-15);
    assert.ok(Math.abs(result.margin - 4 / Math.sqrt(13)) <= 1e-15);
    assert.ok(Math.abs(result.answer.objective - 13 / 32) <= 1e-15);
    assert.deepEqual([...result.support], [1, 3]);
  });

  it('agrees with SLSQP and the closed form on six points in three dimensions', () => {
    const { answer } = separable([3, 1, 2, 2, 4, -1, 5, -1, 1, 1, 2, 2, 4, 0, -2, 2, 1, 5], 6, 3);
    // scipy 1.17.1: (0.31111111, 0.22222222, 0.12222222), tight at the fourth and fifth: exactly (28, 20, 11)/90.
    assert.ok(distance(answer.point, [28 / 90, 20 / 90, 11 / 90]) <= 1e-15);
  });

  it('(13/24, 7/24, 10/24) where the support vectors do not span the space', () => {
    const { answer, margin } = separable([1, 2, 0.3, 2, -1, 0.5, 4, 1, -0.7, 0, 2, 1], 4, 3);
    assert.ok(distance(answer.point, [13 / 24, 7 / 24, 10 / 24]) <= 1e-15);
    assert.ok(Math.abs(margin - 1.3458532) <= 5e-8);
  });

  it('a degenerate support vector has multiplier 0', () => {
    // (1, 1) lies on the margin of (1, 0) without bearing on it.
    const { answer, support } = separable([1, 0, 1, 1], 2, 2);
    assert.ok(distance(answer.point, [1, 0]) <= 1e-15);
    assert.ok(distance(answer.multipliers, [1, 0]) <= 1e-15);
    assert.deepEqual([...support], [0]);
  });

  it('the smallest problems: one point, one dimension, repeated points', () => {
    assert.ok(distance(separable([3, 4], 1, 2).answer.point, [3 / 25, 4 / 25]) <= 1e-16);
    assert.ok(distance(separable([2, 4, 3], 3, 1).answer.point, [0.5]) <= 1e-16);
    assert.ok(distance(separable([1, 2, 2, -1, 1, 2, 2, -1, 2, -1], 5, 2).answer.point, [0.6, 0.2]) <= 1e-15);
  });

  for (const [samples, features, margin] of [
    [100, 64, 0.3],
    [60, 60, 0],
    [50, 80, 0],
    [400, 10, 0.01],
    [200, 2, 1e-3],
    [300, 40, 0],
  ]) {
    it(`satisfies the optimality conditions on ${samples} points in ${features} dimensions`, () => {
      for (let seed = 0; seed < 3; seed++) {
        const z = separableData(samples, features, margin, 10 * seed);
        assertOptimal(z, samples, features, separable(z, samples, features));
      }
    });
  }

  it('small margins: two almost opposite points', () => {
    for (const angle of [1e-3, 1e-6, 1e-9, 1e-12]) {
      // (1, ε) and (−1, ε): w = (0, 1/ε).
      const { answer, margin } = separable([1, angle, -1, angle], 2, 2);
      assert.ok(Math.abs(margin / angle - 1) <= 1e-12, `${margin} for ${angle}`);
      assert.ok(Math.abs(answer.point[1] * angle - 1) <= 1e-12);
    }
  });

  it('tiny margin in many points', () => {
    const z = separableData(150, 5, 0, 4);
    // Pressed flat against a plane through the origin: z·e₁ in [1e-7, 2e-7].
    for (let i = 0; i < 150; i++) z[5 * i] = 1e-7 * (1 + (i % 10) / 10);
    for (let i = 75; i < 150; i++) for (let j = 1; j < 5; j++) z[5 * i + j] = -z[5 * (i - 75) + j];
    const { answer, margin } = separable(z, 150, 5);
    // e₁ alone reaches 1e-7; a point and its opposite average to less than 2e-7. Products with w are rounded to ε of its length 1/margin.
    assert.ok(margin >= 1e-7 * (1 - 1e-12) && margin <= 2e-7);
    assert.ok(answer.certificate.value <= 1e-7, answer.certificate.says);
  });

  it('scales: z → cz gives w/c; the order of points and the signs of axes do not matter', () => {
    const z = separableData(30, 6, 0.1, 3);
    const { answer } = separable(z, 30, 6);
    for (const c of [1e-150, 1e-5, 1e150])
      assert.ok(
        distance(
          separable(
            z.map((t) => c * t),
            30,
            6,
          ).answer.point.map((t) => c * t),
          answer.point,
        ) <= 1e-12,
      );
    const mirrored = z.map((_, k) => (k % 6 === 2 ? -1 : 1) * z[(29 - Math.floor(k / 6)) * 6 + (k % 6)]);
    const other = separable(mirrored, 30, 6).answer.point;
    other[2] *= -1;
    assert.ok(distance(other, answer.point) <= 1e-12);
  });

  it('rows that differ by 1e6 in scale', () => {
    const z = separableData(80, 8, 0.2, 6);
    for (let k = 0; k < z.length; k++) z[k] *= 10 ** ((Math.floor(k / 8) % 7) - 3);
    assertOptimal(z, 80, 8, separable(z, 80, 8));
  });

  it('rows that repeat change nothing: multipliers stand at the first, weights of a combination are shared', () => {
    const stream = randomStream(1, 'repeated rows');
    for (const margin of [0.1, 0]) {
      const [distinct, d, samples] = [40, 6, 1000];
      const z = margin > 0 ? separableData(distinct, d, margin, 7) : gaussianMatrix(distinct, d, 7);
      const which = Array.from({ length: samples }, (_, i) => (i < distinct ? i : stream.integer(distinct)));
      const repeated = Float64Array.from({ length: samples * d }, (_, t) => z[which[Math.floor(t / d)] * d + (t % d)]);
      if (margin > 0) {
        const [few, many] = [separable(z, distinct, d), separable(repeated, samples, d)];
        assert.deepEqual(many.answer.point, few.answer.point);
        assert.deepEqual([...many.answer.multipliers.slice(0, distinct)], [...few.answer.multipliers]);
        assertOptimal(repeated, samples, d, many);
      } else {
        const { combination, strictly } = inseparable(repeated, samples, d);
        assert.equal(strictly, true);
        assert.ok(combination.every((u) => u > 0) && Math.abs(combination.reduce((sum, u) => sum + u, 0) - 1) < 1e-14);
        combination.forEach((u, i) => assert.equal(u, combination[which[i]]));
        // Σ u_i z_i with Σ u_i = 1: 1000 roundings.
        product(transposed(repeated, samples, d), d, samples, combination, 1).forEach((t) => assert.ok(Math.abs(t) < 1e-12));
      }
    }
  });

  it('agrees with the quadratic program solved by HiGHS', async () => {
    const highs = await loadHighs();
    for (const [samples, features, seed] of [
      [20, 5, 1],
      [40, 12, 2],
      [15, 20, 3],
    ]) {
      const z = separableData(samples, features, 0.2, seed);
      const { answer } = separable(z, samples, features);
      const name = Array.from({ length: features }, (_, j) => `w${j}`);
      const terms = (i: number): string =>
        name.map((w, j) => `${z[i * features + j] < 0 ? '-' : '+'} ${Math.abs(z[i * features + j])} ${w}`).join(' ');
      const text = [
        'Minimize',
        ` obj: [ ${name.map((w) => `${w}^2`).join(' + ')} ] / 2`,
        'Subject To',
        ...Array.from({ length: samples }, (_, i) => ` c${i}: ${terms(i)} >= 1`),
        'Bounds',
        ...name.map((w) => ` ${w} free`),
        'End',
      ].join('\n');
      const solved = highs.solve(text);
      assert.equal(solved.Status, 'Optimal');
      // HiGHS meets its constraints to 1e-7.
      assert.ok(Math.abs(solved.ObjectiveValue / answer.objective - 1) <= 1e-6);
      const columns = solved.Columns as Record<string, { Primal: number }>;
      assert.ok(
        distance(
          Float64Array.from(name, (w) => columns[w].Primal),
          answer.point,
        ) <= 1e-5,
      );
    }
  });
});

describe('data that cannot be separated', () => {
  /** u ≥ 0, Σu = 1, Zᵀu = 0 relative to the lengths that cancel. */
  function assertCombination(
    z: Float64Array,
    samples: number,
    features: number,
    { combination, certificate, strictly }: Inseparable,
  ): void {
    assert.equal(certificate.kind, 'vanishing-combination');
    assert.ok(certificate.value <= 1e-12, certificate.says);
    assert.ok(combination.every((u) => (strictly ? u > 0 : u >= 0)));
    assert.ok(Math.abs(combination.reduce((s, u) => s + u, 0) - 1) <= 1e-12);
    const sum = product(transposed(z, samples, features), features, samples, combination, 1);
    assert.ok(Math.hypot(...sum) <= 1e-12 * Math.max(...z.map(Math.abs)) * features);
  }

  it('two opposite points: (½, ½), strictly', () => {
    const result = inseparable([1, 2, -1, -2], 2, 2);
    assert.ok(distance(result.combination, [0.5, 0.5]) <= 1e-15);
    assert.equal(result.strictly, true);
    assert.equal(result.recession, null);
  });

  it('with a third point beside the line they lie on, no combination of all three: the loss has no minimizer', () => {
    const result = inseparable([1, 0, -1, 0, 0, 1], 3, 2);
    assert.equal(result.strictly, false);
    assert.ok(distance(result.combination, [0.5, 0.5, 0]) <= 1e-15);
    assert.ok(result.recession !== null && distance(result.recession, [0, 1]) <= 1e-15);
  });

  it('with a third point on the line, strictly again', () => {
    assert.equal(inseparable([1, 0, -1, 0, 5, 0], 3, 2).strictly, true);
  });

  it('a zero row, and nothing but zero rows', () => {
    assert.equal(inseparable([0, 0, 1, 0], 2, 2).strictly, false);
    assert.equal(inseparable([0, 0, 0, 0], 2, 2).strictly, true);
  });

  for (const [samples, features] of [
    [30, 3],
    [200, 20],
    [500, 100],
  ]) {
    it(`${samples} Gaussian points in ${features} dimensions are strictly inseparable (Cover 1965: almost surely)`, () => {
      const z = gaussianMatrix(samples, features, 1);
      const result = inseparable(z, samples, features);
      assert.equal(result.strictly, true);
      assertCombination(z, samples, features, result);
    });
  }

  it('separable in one block of coordinates and not in another: not strictly, with a direction of recession', () => {
    // Ji and Telgarsky 2019: a part that can be separated next to one that cannot.
    const [samples, features] = [24, 6];
    const z = new Float64Array(samples * features);
    const stuck = gaussianMatrix(12, 3, 2);
    const free = separableData(12, 3, 0.2, 3);
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 3; j++) {
        z[i * features + j] = stuck[i * 3 + j];
        z[(12 + i) * features + j] = gaussianMatrix(12, 3, 4)[i * 3 + j];
        z[(12 + i) * features + 3 + j] = free[i * 3 + j];
      }
    }
    const result = inseparable(z, samples, features);
    assert.equal(result.strictly, false);
    assertCombination(z, samples, features, result);
    assert.ok(result.recession !== null);
    const products = product(z, samples, features, result.recession, 1);
    assert.ok(products.every((q) => q >= -1e-12) && products.some((q) => q > 1e-3));
  });

  it('one flipped label among many, decided the same at every scale', () => {
    const stream = randomStream(3, 'flips');
    for (let trial = 0; trial < 10; trial++) {
      const [samples, features] = [60, 4];
      const z = separableData(samples, features, 0.05, 100 + trial);
      const i = stream.integer(samples);
      for (let j = 0; j < features; j++) z[i * features + j] *= -1;
      const verdict = maxMargin(z, samples, features).separable;
      for (const c of [1e-8, 1e8])
        assert.equal(
          maxMargin(
            z.map((t) => c * t),
            samples,
            features,
          ).separable,
          verdict,
        );
    }
  });

  it('integers with many ties: the answer is one of the two, with its proof', () => {
    const stream = randomStream(4, 'integers');
    let separated = 0;
    for (let trial = 0; trial < 200; trial++) {
      const [samples, features] = [3 + stream.integer(8), 1 + stream.integer(4)];
      const z = Float64Array.from({ length: samples * features }, () => stream.integer(5) - 2);
      const result = maxMargin(z, samples, features);
      if (result.separable) {
        separated++;
        assertOptimal(z, samples, features, result);
      } else {
        assertCombination(z, samples, features, result);
      }
    }
    assert.ok(separated > 20 && separated < 180);
  });
});
