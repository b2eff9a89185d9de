import assert from 'node:assert/strict';
import { minimumNorm } from '../../../src/solvers/minimum-norm';
import { minimumPotential } from '../../../src/solvers/potential';
import type { SeparablePotential } from '../../../src/solvers/separable-potential';
import { SolverError } from '../../../src/solvers/reference-problem';
import { distance, gaussianMatrix, lowRankMatrix, product } from '../numerics/matrices';
import { deepDiagonal, entropy, euclidean, hypentropy } from './potentials';

const A = { x: Float64Array.of(1, 2, 0, -1, 0, 1, 3, 1), y: Float64Array.of(1, 2), samples: 2, features: 4 };
const B = {
  x: Float64Array.of(2, -1, 3, 0, 1, 4, 1, 1, -2, 3, 0, -1, 0, 2, 1, -1, 3, 1),
  y: Float64Array.of(3, -1, 2),
  samples: 3,
  features: 6,
};

/** Solved by mpmath with 60 digits: Newton on X B(Xᵀν) = y along y ∝ e^t. */
const EXACT: readonly { name: string; potential: (size: number) => SeparablePotential; a: readonly number[]; b: readonly number[] }[] = [
  {
    name: 'hypentropy, α = 1e-4',
    potential: (size) => hypentropy(size, 2e-8),
    a: [0.0000036839968144265182, 0.49999815800161734, 0.5000006139994445, 4.9120016862763225e-14],
    b: [
      2.043880244932519e-7, 0.0000018082468279425156, 0.28322463332974873, -0.0010255722782618224, 0.4284233829192547, 0.43047602914056954,
    ],
  },
  {
    name: 'hypentropy, α = 0.1',
    potential: (size) => hypentropy(size, 0.02),
    a: [0.03340446167705343, 0.4835183843997604, 0.5053467950412218, 0.0004412304765742031],
    b: [0.03199095242259973, 0.03124887926646552, 0.25424150557190234, -0.034469364375775184, 0.3991475480338188, 0.4513487274179351],
  },
  {
    name: 'hypentropy, α = 100',
    potential: (size) => hypentropy(size, 2e4),
    a: [0.13846153845302112, 0.44615384615424236, 0.5076923076947506, 0.03076923076150583],
    b: [0.15028089886962798, 0.10323033707617348, 0.3086376404465868, -0.0839185393231912, 0.3388342696649403, 0.3844803370830542],
  },
  {
    name: 'depth 3, α = 1e-3',
    potential: (size) => deepDiagonal(size, 3, 1e-3),
    a: [2.946355779304297e-9, 0.4999999985268221, 0.5000000004910593, 4.949567560581715e-21],
    b: [9.183600581632744e-10, 2.269750042573425e-9, 0.2857141856907164, -4.204589975523373e-8, 0.42857142068496856, 0.42857150566897806],
  },
  {
    name: 'depth 3, α = 10',
    potential: (size) => deepDiagonal(size, 3, 10),
    a: [0.13846153656879434, 0.44615384624189164, 0.5076923082351769, 0.03076922905257764],
    b: [0.15028089737051134, 0.1032303365279376, 0.30863763981580256, -0.08391853873662009, 0.33883427011157286, 0.3844803380569836],
  },
  {
    name: 'depth 4, α = 0.01',
    potential: (size) => deepDiagonal(size, 4, 0.01),
    a: [1.687142058825231e-8, 0.4999999915642897, 0.5000000028119034, 3.181305577950893e-20],
    b: [5.9557581938698004e-9, 1.3548757422200273e-8, 0.2857140099190741, -1.1893157048264695e-7, 0.42857140039339486, 0.42857164287165594],
  },
  {
    name: 'depth 6, α = 0.3',
    potential: (size) => deepDiagonal(size, 6, 0.3),
    a: [0.0008506457826769732, 0.4995746824221008, 0.5001417689836736, 1.062687859878361e-8],
    b: [0.0003316204022355158, 0.0007011633325939158, 0.2768573364059753, -0.0039365240338209645, 0.4274317580245333, 0.4355085388214159],
  },
  {
    name: 'depth 6, α = 1e-3',
    potential: (size) => deepDiagonal(size, 6, 1e-3),
    a: [1.1875982542464808e-18, 0.5, 0.5, 2.513592957475281e-48],
    b: [4.416564713349677e-19, 9.705668141759232e-19, 0.2857142857142857, -6.102372234199459e-18, 0.42857142857142855, 0.4285714285714286],
  },
];

/** Gap and violation of the task: 1e-10; what rounding allows is a thousand times less. */
const CERTIFIED = 1e-13;

describe('minimum of a separable potential', () => {
  for (const { name, potential, a, b } of EXACT) {
    for (const [data, exact] of [
      [A, a],
      [B, b],
    ] as const) {
      it(`agrees with 60-digit numbers: ${name}, ${data.samples} × ${data.features}`, () => {
        const { point, certificate } = minimumPotential(potential(data.features), data.x, data.y, data.samples, data.features);
        assert.ok(certificate.value <= CERTIFIED, certificate.says);
        assert.ok(distance(point, exact) <= 1e-14, `${point}`);
      });
    }
  }

  it('small entries are right relatively, down to 5e-14', () => {
    const { point } = minimumPotential(hypentropy(4, 2e-8), A.x, A.y, 2, 4);
    // The last one is b·sinh(ν₂ − ν₁), where ν₁ ≈ ν₂ ≈ 6 differ by 2.5e-6: some roundings of ν are 1e-9 of the difference.
    const tolerances = [1e-13, 1e-13, 1e-13, 5e-9];
    for (let j = 0; j < 4; j++) assert.ok(Math.abs(point[j] / EXACT[0].a[j] - 1) <= tolerances[j], `${point[j]}`);
  });

  it('of ½‖w‖² is the solution of minimum norm', () => {
    for (const [samples, features] of [
      [3, 8],
      [10, 10],
      [1, 5],
    ]) {
      const x = gaussianMatrix(samples, features, 1);
      const y = gaussianMatrix(samples, 1, 2);
      const { point, certificate } = minimumPotential(euclidean(features), x, y, samples, features);
      assert.ok(certificate.value <= CERTIFIED);
      assert.ok(distance(point, minimumNorm(x, y, samples, features, new Float64Array(features)).point) <= 1e-12);
    }
  });

  it('of the entropy from 1, 0.1 and 0.001 agrees with SLSQP, and ln(w/a) lies in the row space', () => {
    // Eight decimals from scipy's SLSQP.
    const known: readonly [number, readonly number[]][] = [
      [1, [0.84462468, 0.45647621, 0.26198223, 0.7575771]],
      [0.1, [0.16658928, 0.46723735, 0.47723289, 0.10106398]],
      [1e-3, [0.00790741, 0.49654844, 0.50081576, 0.00100429]],
    ];
    for (const [a, numbers] of known) {
      const { point, multipliers } = minimumPotential(entropy(4, a), A.x, A.y, 2, 4);
      assert.ok(distance(point, numbers) <= 6e-9);
      for (let j = 0; j < 4; j++) {
        const s = A.x[j] * multipliers[0] + A.x[4 + j] * multipliers[1];
        assert.ok(Math.abs(Math.log(point[j] / a) - s) <= 1e-13 * Math.max(1, Math.abs(s)));
      }
    }
  });

  it('selects the limit of the flow where the l1 minimizer is not unique: max entropy for depth 2', () => {
    // Minimizers (2t, 1 − 3t, t) of ‖w‖₁; maximal −Σ w ln w at t = 1/(3 + 4^(1/3)), the solution for α → 0.
    const t = 1 / (3 + Math.cbrt(4));
    const { point } = minimumPotential(hypentropy(3, 2e-12), Float64Array.of(1, 1, 1, 0, 1, 3), Float64Array.of(1, 1), 2, 3);
    // The next term of the expansion is of the order b ln(1/b).
    assert.ok(distance(point, [2 * t, 1 - 3 * t, t]) <= 1e-10);
  });

  it('… and max Σ|w|^(2/D) for depth D = 3 and 4', () => {
    // Stationary in t: ((2^(2/3) + 1)/3)³ = t/(1 − 3t), and (1 + √2)²(1 − 3t) = 9t.
    const c = ((2 ** (2 / 3) + 1) / 3) ** 3;
    const d = (1 + Math.SQRT2) ** 2;
    for (const [depth, t] of [
      [3, c / (1 + 3 * c)],
      [4, d / (9 + 3 * d)],
    ]) {
      const { point } = minimumPotential(deepDiagonal(3, depth, 1e-3), Float64Array.of(1, 1, 1, 0, 1, 3), Float64Array.of(1, 1), 2, 3);
      // The next term of the expansion is smaller by α².
      assert.ok(distance(point, [2 * t, 1 - 3 * t, t]) <= 1e-6, `${point}`);
    }
  });

  it('has the answer 0 exactly where more equations than unknowns say so, from a start that is not 0', () => {
    const x = gaussianMatrix(7, 4, 9);
    const { point, certificate } = minimumPotential(hypentropy(4, 1), x, new Float64Array(7), 7, 4);
    assert.deepEqual([...point], [0, 0, 0, 0]);
    const shifted: SeparablePotential = {
      ...euclidean(4),
      value: (_, w) => 0.5 * (w - 3) ** 2,
      mirror: (_, w) => w - 3,
      inverse: (_, s) => s + 3,
      conjugate: (_, s) => 0.5 * s * s + 3 * s,
    };
    const moved = minimumPotential(shifted, x, new Float64Array(7), 7, 4);
    assert.ok(distance(moved.point, point) <= 1e-14);
    assert.ok(certificate.value <= CERTIFIED && moved.certificate.value <= CERTIFIED);
  });

  it('is homogeneous: y → cy, b → cb gives cw; and equivariant under permutations of the features', () => {
    const { point } = minimumPotential(hypentropy(6, 0.02), B.x, B.y, 3, 6);
    for (const c of [1e-6, 1e6]) {
      const other = minimumPotential(
        hypentropy(6, 0.02 * c),
        B.x,
        B.y.map((t) => c * t),
        3,
        6,
      ).point;
      assert.ok(
        distance(
          other.map((t) => t / c),
          point,
        ) <= 1e-13,
      );
    }
    const reversed = B.x.map((_, k) => B.x[Math.floor(k / 6) * 6 + 5 - (k % 6)]);
    assert.ok(distance(minimumPotential(hypentropy(6, 0.02), reversed, B.y, 3, 6).point.reverse(), point) <= 1e-13);
  });

  it('does not depend on which equations say the same: combinations, repetitions and zero rows', () => {
    const { point } = minimumPotential(hypentropy(6, 2e-4), B.x, B.y, 3, 6);
    const mix = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 2, -1, 3, 0, 0, 0, 1, 0, 0);
    const answer = minimumPotential(hypentropy(6, 2e-4), product(mix, 7, 3, B.x, 6), product(mix, 7, 3, B.y, 1), 7, 6);
    assert.ok(answer.certificate.value <= CERTIFIED);
    assert.ok(distance(answer.point, point) <= 1e-13);
  });

  it('y = X B(0) is solved by B(0), y = 0 by 0', () => {
    assert.deepEqual([...minimumPotential(hypentropy(4, 1), A.x, new Float64Array(2), 2, 4).point], [0, 0, 0, 0]);
    const { point } = minimumPotential(entropy(4, 2), A.x, Float64Array.of(4, 10), 2, 4);
    assert.deepEqual([...point], [2, 2, 2, 2]);
  });

  it('contradictory equations are infeasible, and so in effect is a negative target for positive weights', () => {
    const twice = Float64Array.of(1, 2, 1, 2);
    assert.throws(
      () => minimumPotential(hypentropy(2, 1), twice, Float64Array.of(1, 2), 2, 2),
      (error) => error instanceof SolverError && error.reason === 'infeasible',
    );
    assert.throws(
      () => minimumPotential(entropy(2, 1), Float64Array.of(1, 2), Float64Array.of(-1), 1, 2),
      (error) => error instanceof SolverError && error.reason === 'no-convergence',
    );
  });

  it('certifies 40 × 200 with a planted sparse solution, for every depth and scale', () => {
    const [samples, features] = [40, 200];
    const x = gaussianMatrix(samples, features, 5);
    const truth = new Float64Array(features);
    truth.set([1, -1, 1, 1, -1]);
    const y = product(x, samples, features, truth, 1);
    for (const alpha of [1e-3, 0.1, 10]) {
      for (const potential of [hypentropy(features, 2 * alpha ** 2), ...[3, 4, 6].map((depth) => deepDiagonal(features, depth, alpha))]) {
        const { certificate } = minimumPotential(potential, x, y, samples, features);
        assert.ok(certificate.value <= 1e-12, certificate.says);
      }
    }
  });

  it('the certificate does not take the answer on trust: a wrong potential is found out', () => {
    // The conjugate of another b: the Fenchel–Young terms no longer vanish.
    const wrong = { ...hypentropy(4, 0.02), mirror: hypentropy(4, 0.03).mirror };
    assert.throws(() => minimumPotential(wrong, A.x, A.y, 2, 4), SolverError);
  });

  it('ill-conditioned equations (rank by rounding only) still hold', () => {
    const x = lowRankMatrix(6, 15, 6, 3);
    for (let j = 0; j < 15; j++) x[15 + j] = x[j] + 1e-7 * x[15 + j];
    const w = gaussianMatrix(15, 1, 4);
    const { certificate } = minimumPotential(hypentropy(15, 0.02), x, product(x, 6, 15, w, 1), 6, 15);
    assert.ok(certificate.value <= 1e-10, certificate.says);
  });
});
