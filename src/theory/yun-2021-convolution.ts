/**
 * Two full-width circular convolutional layers from w_2 = 0, where every frequency of the data has one phase: one sample, samples that are
 * even (x[d] = x[−d]), or all shifted alike. C. Yun, S. Krishnan, H. Mobahi, ICLR 2021, treat networks that decompose in this way.
 *
 * β̂ = ŵ_1 ∘ ŵ_2, D_k = |ŵ_1|_k² − |ŵ_2|_k² is conserved and β̂_k′ = √(D_k² + 4|β̂_k|²) γ_k, γ = Σ r_n x̂_n. Where x̂_nk = e^(iφ_k) x̃_nk with
 * real x̃ for all samples n, β̂_k = e^(iφ_k) b_k with b_k = (D_k/2) sinh(2ρ_k), ρ = X̃ᵀν: the hypentropy of the amplitudes, ℓ1-like for a small
 * start. With phases that differ between samples this metric is no Hessian: no regularizer is known, and the ℓ1 norm of the spectrum is not one.
 */
import type { Condition, Reference } from '../protocol/report';
import { minimumPotential } from '../solvers/potential';
import { exponentialPotential } from './exponential-potential';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { interpolationCondition } from './interpolation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { condition, inWords } from './wording';
import { yun2021SmallStart } from './yun-2021-small-start';

const ID = 'yun-2021-convolution';

/** Rounding of a transform, relative to the largest amplitude. */
const ROUNDING = 1e-12;

export const yun2021Convolution: PublishedResult = {
  id: ID,
  row: 'R5',
  title: 'Convolutional network on data of one phase: hypentropy in the frequency domain',
  statement:
    'Gradient flow on the square loss of two full-width circular convolutions, the second of which starts at 0, reaches the interpolator that ' +
    'minimises an explicit function of the amplitudes of its spectrum, from ℓ1 (small start) to weighted ℓ2 (large start), when every frequency has the same phase ' +
    'in all samples. On other data no such function is known, and a small start need not reach the least ℓ1 norm of the spectrum.',
  formula: 'β(∞) = argmin Σ_k ∫₀^{|β̂_k|} ½ asinh(2m/D_k) dm s.t. Xβ = y,  D_k = |ŵ₁(0)|_k²,  β̂ the unitary discrete Fourier transform',
  status: 'theorem',
  citation: yun2021SmallStart.citation,

  outline({ model, loss, optimizer }) {
    if (model.kind !== 'linear-convolution' || model.depth !== 2 || loss.kind !== 'square') return null;
    return {
      regularizer: 'spectral-hypentropy',
      symbol: 'min Σ R(|β̂_k|), ℓ1-like for a small start',
      conditions: [flowCondition(optimizer)],
      modelNote: 'exact for one sample and for even samples; otherwise no regularizer is known',
      optimizerNote: optimizer.kind === 'gradient-descent' ? 'a finite step deviates from the flow by O(η)' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = yun2021Convolution.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Unitary transform of a real vector: entries 0 … d−1 of its real and imaginary part. */
function transform(x: Float64Array): { readonly re: Float64Array; readonly im: Float64Array } {
  const d = x.length;
  const re = new Float64Array(d);
  const im = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    for (let j = 0; j < d; j++) {
      const angle = (2 * Math.PI * ((j * k) % d)) / d;
      re[k] += (x[j] * Math.cos(angle)) / Math.sqrt(d);
      im[k] -= (x[j] * Math.sin(angle)) / Math.sqrt(d);
    }
  }
  return { re, im };
}

interface Spectra {
  /** cos φ_k and sin φ_k. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  /** x̃, samples × d. */
  readonly amplitudes: Float64Array;
  /** Frequencies 0 … d/2 in which samples differ in phase. */
  readonly mixed: number;
  /** D_k. */
  readonly sizes: Float64Array;
  /** Frequencies that the data has and that start at 0. */
  readonly stuck: number;
}

function spectraOf({ data, start }: Situation): Spectra {
  const { samples, features: d } = data;
  const rows = Array.from({ length: samples }, (_, n) => transform(data.x.slice(n * d, (n + 1) * d)));
  const first = transform(start.slice(0, d));
  const largest = Math.max(...rows.map(({ re, im }) => Math.max(...re.map((value, k) => Math.hypot(value, im[k])))));
  const cos = new Float64Array(d).fill(1);
  const sin = new Float64Array(d);
  const amplitudes = new Float64Array(samples * d);
  const sizes = first.re.map((value, k) => value ** 2 + first.im[k] ** 2);
  const power = Math.max(...sizes);
  let mixed = 0;
  let stuck = 0;
  for (let k = 0; 2 * k <= d; k++) {
    const other = (d - k) % d;
    const sample = rows.reduce((a, b) => (Math.hypot(b.re[k], b.im[k]) > Math.hypot(a.re[k], a.im[k]) ? b : a));
    const size = Math.hypot(sample.re[k], sample.im[k]);
    if (size <= ROUNDING * largest) continue;
    cos[k] = cos[other] = sample.re[k] / size;
    sin[k] = sample.im[k] / size;
    sin[other] = other === k ? sin[k] : -sin[k];
    let across = 0;
    rows.forEach(({ re, im }, n) => {
      amplitudes[n * d + k] = amplitudes[n * d + other] = re[k] * cos[k] + im[k] * sin[k];
      across = Math.max(across, Math.abs(im[k] * cos[k] - re[k] * sin[k]));
    });
    if (across > ROUNDING * largest) mixed++;
    sizes[other] = sizes[k];
    if (sizes[k] <= ROUNDING ** 2 * power) stuck++;
  }
  return { cos, sin, amplitudes, mixed, sizes, stuck };
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, data, stepSize, start } = situation;
  const spectra = spectraOf(situation);
  const second = start.subarray(data.features).some((value) => value !== 0);
  const conditions: Condition[] = [
    ...outline.conditions,
    condition(
      'w₂ = 0 at the start, and w₁ with every frequency of the data',
      !second && spectra.stuck === 0,
      second
        ? 'w₂ does not start at 0'
        : spectra.stuck > 0
          ? `${spectra.stuck} frequencies of the data start at 0 and never move`
          : `D_k = ${inWords(Math.min(...spectra.sizes))} … ${inWords(Math.max(...spectra.sizes))}`,
    ),
    condition(
      'one phase a frequency, in all samples',
      spectra.mixed === 0,
      spectra.mixed === 0
        ? data.samples === 1
          ? 'there is one sample'
          : 'the samples are even, or shifted alike'
        : `${spectra.mixed} of ${Math.floor(data.features / 2) + 1} frequencies have several: no regularizer is known, and the least ℓ1 norm of the spectrum is missed in general`,
    ),
    interpolationCondition(facts, 'β'),
  ];
  const applies = conditions.every(({ holds }) => holds === true);
  return {
    prediction: predictionOf(yun2021Convolution, outline, conditions),
    measures: ['loss', 'gradientNorm', 'distance', 'l1Norm', 'l2Norm'],
    companions: applies ? besideFiniteStep(experiment, stepSize) : [],
    solve: () => Promise.resolve(applies ? solve(situation, spectra, outline) : null),
    judge: (trained, reference, companions) => judgeFlowLimit(ID, trained, reference, companions, experiment),
  };
}

function solve({ data }: Situation, { cos, sin, amplitudes, sizes }: Spectra, outline: Outline): Reference {
  const d = data.features;
  // b = (D/2) sinh 2ρ = A e^(2ρ) − A e^(−2ρ), A = D/4. Frequencies that the data has not keep b = 0 whatever their D.
  const quarter = sizes.map((value) => (value > 0 ? value : 1) / 4);
  const answer = minimumPotential(exponentialPotential(quarter, quarter), amplitudes, data.y, data.samples, d);
  const point = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) {
      const angle = (2 * Math.PI * ((j * k) % d)) / d;
      point[j] += (answer.point[k] * (cos[k] * Math.cos(angle) - sin[k] * Math.sin(angle))) / Math.sqrt(d);
    }
  }
  return {
    id: 'potential',
    title: 'Interpolator of least spectral potential',
    regularizer: outline.regularizer,
    predictor: Array.from(point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}
