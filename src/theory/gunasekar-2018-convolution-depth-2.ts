/**
 * S. Gunasekar, J. D. Lee, D. Soudry, N. Srebro, Implicit bias of gradient descent on linear convolutional networks, NeurIPS 2018, two layers:
 * the problem min Σ_d |β̂_d| s.t. yᵢ β·xᵢ ≥ 1 is convex. Their theorem for two layers assumes more: the direction of the gradient, with the
 * phases of its transform, converges.
 *
 * At one frequency, (ŵ₁, conj ŵ₂)′ = (γ conj ŵ₂, conj γ ŵ₁) with γ the transform of −∇_β ℒ. Once the direction of γ has settled, the part of
 * (ŵ₁, conj ŵ₂) along (γ/|γ|, 1) grows at the rate |γ_d|; only starts with |ŵ₁| = |ŵ₂| can be without it, since |ŵ₁|² − |ŵ₂|² never changes. So
 * no unused frequency has |γ_d| above that of the used ones, which is the certificate of the optimum, max_d |F(Zᵀλ)_d| ≤ 1.
 */
import { groupStationarity } from '../measures/group-stationarity';
import { amplitudes } from '../numerics/real-fourier';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { groupNorm, majorizedMargin } from '../solvers/majorized-margin';
import { thresholdOf } from './below-threshold';
import { frequencyGroups, spectrumFigure, spectrumOf, type Spectrum } from './convolution-spectrum';
import {
  flowConditions,
  isClassification,
  judgeMargin,
  MARGIN_TOLERANCE,
  parameterMarginOf,
  separableCondition,
} from './homogeneous-limit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { STATIONARITY_TOLERANCE } from './stationary-limit';
import { condition, inWords } from './wording';

const ID = 'gunasekar-2018-convolution-depth-2';
const ASSUMED = 'the direction of the gradient in β, with the phases of its transform, converges';

export const gunasekar2018ConvolutionDepth2: PublishedResult = {
  id: ID,
  row: 'C4',
  title: 'Convolutional linear network of depth 2: least ℓ1 norm of the spectrum',
  statement:
    'On separable data, gradient flow on a loss with an exponential tail turns the predictor of two full-width circular convolutional layers ' +
    'to the largest margin in the ℓ1 norm of its discrete Fourier transform, from starts in which no frequency is stuck, if the direction of ' +
    'the gradient converges.',
  formula: 'min yᵢ β·xᵢ / Σ_d |β̂_d| → its largest value:  min Σ_d |β̂_d| s.t. yᵢ β·xᵢ ≥ 1, β̂ the unitary discrete Fourier transform',
  status: 'theorem',
  citation: {
    authors: 'Suriya Gunasekar, Jason D. Lee, Daniel Soudry, Nathan Srebro',
    year: 2018,
    title: 'Implicit Bias of Gradient Descent on Linear Convolutional Networks',
    venue: 'Advances in Neural Information Processing Systems 31',
    locus: 'convolutional networks with two layers',
    url: 'https://arxiv.org/abs/1806.00468',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'linear-convolution' || model.depth !== 2 || !isClassification(experiment) || loss.kind === 'cross-entropy')
      return null;
    return {
      regularizer: 'spectrum-l1-max-margin',
      symbol: 'min Σ_d |β̂_d| s.t. yᵢ β·xᵢ ≥ 1',
      conditions: flowConditions(experiment),
      modelNote: 'depth 2: sparse in frequency, largest margin in the ℓ1 norm of the spectrum',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = gunasekar2018ConvolutionDepth2.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** |ŵ₁_d| ≠ |ŵ₂_d| beyond the rounding of the transform. */
function startCondition({ start }: Situation, { fourier, transform }: Spectrum): Condition {
  const d = fourier.size;
  const first = amplitudes(fourier, transform(start.subarray(0, d)));
  const second = amplitudes(fourier, transform(start.subarray(d, 2 * d)));
  const rounding = 64 * Number.EPSILON * Math.max(...first, ...second);
  const stuck: number[] = [];
  for (let f = 0; 2 * f <= d; f++) if (Math.abs(first[f] - second[f]) <= rounding) stuck.push(f);
  return condition(
    '|ŵ₁_d| ≠ |ŵ₂_d| at the start, at every frequency d',
    stuck.length === 0,
    stuck.length === 0
      ? 'every frequency can grow at any phase'
      : `equal at d = ${stuck.slice(0, 6).join(', ')}${stuck.length > 6 ? ' …' : ''}: such a frequency may be stuck`,
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, data } = situation;
  const spectrum = spectrumOf(situation);
  const threshold = thresholdOf(situation);
  const fixed = [...outline.conditions, separableCondition(facts.separability()), startCondition(situation, spectrum)];
  const assumed = condition(
    ASSUMED,
    'unknown',
    'an assumption of the theorem on the run; the certificate of the limit shows its consequence',
  );
  const applies = fixed.every(({ holds }) => holds === true) && threshold.possible;
  return {
    prediction: predictionOf(gunasekar2018ConvolutionDepth2, outline, [...fixed, threshold.condition, assumed], applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'kktResidual', 'directionDistance', 'margin', 'l2Norm', 'parameterNorm'],
    companions: [],
    settle: (trained) => [...fixed, threshold.after(trained), assumed],
    solve: () => Promise.resolve(applies ? largestSpectralMargin(spectrum, data.samples, 'predicted') : null),
    judge: (trained, reference) =>
      threshold.verdictAbove(trained, ID) ??
      judge(trained, reference, situation, spectrum, experiment.expect?.tolerance ?? MARGIN_TOLERANCE),
    figures: (trained, reference) =>
      trained.predictor === null || reference?.predictor == null
        ? []
        : [spectrumFigure(spectrum, data.samples, trained.predictor, Float64Array.from(reference.predictor))],
  };
}

export function largestSpectralMargin({ fourier, z, invert }: Spectrum, samples: number, role: Reference['role']): Reference {
  const answer = majorizedMargin(z, samples, fourier.size, groupNorm('spectral ℓ1', frequencyGroups(fourier, 1)));
  return {
    id: 'spectral-max-margin',
    title: 'Predictor of largest margin in the ℓ1 norm of the spectrum, scaled to margin 1',
    regularizer: 'spectrum-l1-max-margin',
    predictor: Array.from(invert(answer.point)),
    objective: answer.objective,
    certificate: answer.certificate,
    role,
  };
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, spectrum: Spectrum, tolerance: number): Verdict {
  const groups = frequencyGroups(spectrum.fourier, 1);
  const stationarity =
    trained.predictor === null
      ? null
      : groupStationarity(spectrum.z, situation.data.samples, spectrum.transform(trained.predictor), groups, 1);
  if (reference === null || stationarity === null) {
    return {
      result: ID,
      measure: null,
      value: null,
      tolerance,
      outcome: 'inconclusive',
      says: 'Some margin is not positive at the end of the run.',
    };
  }
  const { objective, dualNorm, residual } = stationarity;
  const gap = 1 - reference.objective / objective;
  const certificate = `max |F(Zᵀλ)_d| = ${inWords(dualNorm, 5)}`;
  const name = 'margin in the ℓ1 norm of the spectrum';
  if (gap > tolerance && residual <= STATIONARITY_TOLERANCE && dualNorm > 1 + STATIONARITY_TOLERANCE) {
    return {
      result: ID,
      measure: `relative gap of the ${name}`,
      value: gap,
      tolerance,
      outcome: 'inconclusive',
      says: `The ${name} is ${inWords(gap)} below the largest one, relatively: the run lingers at a stationary point that is not optimal, ${certificate} > 1.`,
    };
  }
  const parameterGap = 1 - parameterMarginOf(situation, trained.parameters) * 2 * reference.objective;
  const detail = `the multipliers of the limit give ${certificate}, where 1 certifies the global optimum`;
  return judgeMargin({ result: ID, name, gap, parameterGap, tolerance, detail }, trained, situation);
}
